// Numbers that can be read. The noise of an instrument would turn the last digit ten times a second; here it turns with the
// whole seconds, while a real change is shown in the frame that brings it.

export type Steady = (value: number | null, step: number, second: number) => number | null;

/** What counts as a real change, in steps; a step is the last digit, or the noise where that is larger. */
const MOVED = 1.5;

/** The memory of one number on the screen: what to show of `value`. Unknown is shown at once, and so is what was unknown. */
export function steady(): Steady {
  let shown: number | null = null;
  let at = -1;
  return (value, step, second) => {
    const still = value !== null && shown !== null && second === at && Math.abs(value - shown) < MOVED * step;
    if (!still) {
      shown = value;
      at = second;
    }
    return shown;
  };
}
