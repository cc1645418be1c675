// State of the simulated plant, read once a second while somebody looks at it.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api, HttpError } from "../api/http";
import type { SimulatorStatus } from "../api/types";

export const plant = signal<SimulatorStatus | null>(null);
/** The last question was answered: what stands in `plant` is so now. */
export const plantKnown = signal(false);
const PERIOD_MS = 1000;

export async function refreshPlant(): Promise<void> {
  try {
    plant.value = await api.simulator();
    plantKnown.value = true;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    plantKnown.value = false;
  }
}

export function usePlant(): void {
  useEffect(() => {
    void refreshPlant();
    const timer = setInterval(() => void refreshPlant(), PERIOD_MS);
    return () => clearInterval(timer);
  }, []);
}
