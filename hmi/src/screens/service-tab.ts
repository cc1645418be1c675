// Which part of the service screen is open; other screens lead there.
import { signal } from "@preact/signals";
import type { ProofTestView } from "../api/types";

export type Tab = "io" | "upkeep" | "tuning" | "twin" | "plc" | "link" | "journal" | "forcing" | "faults";
export const tab = signal<Tab>("io");
/** Name of the proof test whose form is open. */
export const openTest = signal<string | null>(null);

export const testName = (test: ProofTestView): string => `${test.test} ${test.instrument}`.trim();

export function openProofTest(test: ProofTestView): void {
  tab.value = "upkeep";
  openTest.value = testName(test);
}
