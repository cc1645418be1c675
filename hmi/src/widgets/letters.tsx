// The panel's own letter keys: a kiosk has no keyboard.
const ROWS = ["qwertyuiop", "asdfghjkl", "zxcvbnm.-", "1234567890"];

export function Letters({ onKey, onBack }: { onKey: (c: string) => void; onBack: () => void }) {
  return (
    <div class="letters">
      {ROWS.map((row, i) => (
        <div class="row" key={row}>
          {[...row].map((c) => (
            <button key={c} type="button" class="key" onClick={() => onKey(c)}>
              {c}
            </button>
          ))}
          {i === 2 && (
            <button type="button" class="key" aria-label="⌫" onClick={onBack}>
              ⌫
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
