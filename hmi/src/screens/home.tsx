import { GuidanceLine } from "../widgets/guidance";
import { Steps } from "../widgets/steps";
import { Mimic } from "./mimic";

export function Home() {
  return (
    <div class="screen home">
      <Steps />
      <Mimic />
      <GuidanceLine />
    </div>
  );
}
