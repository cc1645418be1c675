// Small choices of this panel (language, theme, names seen) that survive a reload. Storage may be switched off.

export function kept(key: string): string | null {
  try {
    return localStorage.getItem(`cryochamber.${key}`);
  } catch {
    return null; // private mode: the panel works, it only forgets
  }
}

export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(`cryochamber.${key}`, value);
  } catch {
    // as above
  }
}
