/** The newest `size` values; memory does not grow. Null is a gap. */
export class Ring {
  private readonly values: (number | null)[];
  private next = 0;
  private filled = 0;

  constructor(readonly size: number) {
    this.values = new Array<number | null>(size).fill(null);
  }

  push(value: number | null): void {
    this.values[this.next] = value;
    this.next = (this.next + 1) % this.size;
    this.filled = Math.min(this.size, this.filled + 1);
  }

  /** Oldest first. */
  list(): (number | null)[] {
    const start = (this.next - this.filled + this.size) % this.size;
    return Array.from({ length: this.filled }, (_, i) => this.values[(start + i) % this.size] ?? null);
  }
}
