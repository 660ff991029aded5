// Stands in for next/server: `after` runs its callback once the response is under way.
export function after(callback: () => Promise<void>): void {
  setTimeout(callback, 0);
}
