// Line icons on a 30 x 30 grid; always beside a text, never alone.
const PATHS = {
  home: "M4 14 15 5l11 9v12H4z M12 26v-8h6v8",
  session: "M15 5a4.5 4.5 0 1 0 .1 0 M6 26c0-7 4-10 9-10s9 3 9 10",
  day: "M5 7h20v19H5z M5 13h20 M10 4v5 M20 4v5",
  trends: "M4 25h22 M5 20l6-7 5 4 9-11",
  alarms: "M15 4a8 8 0 0 0-8 8v6l-3 4h22l-3-4v-6a8 8 0 0 0-8-8z M12 26h6",
  service: "M6 8h18 M6 15h18 M6 22h18 M11 5v6 M19 12v6 M9 19v6",
  settings: "M15 11a4 4 0 1 0 .1 0 M15 3l1.5 4 M15 3l-1.5 4 M15 27l1.5-4 M15 27l-1.5-4 M3 15l4-1.5 M3 15l4 1.5 M27 15l-4-1.5 M27 15l-4 1.5 M6.5 6.5l4 1.8 M6.5 6.5l1.8 4 M23.5 23.5l-4-1.8 M23.5 23.5l-1.8-4 M23.5 6.5l-4 1.8 M23.5 6.5l-1.8 4 M6.5 23.5l4-1.8 M6.5 23.5l1.8-4",
  check: "M6 16l6 6 12-14",
  person: "M15 4a4.6 4.6 0 1 0 .1 0 M5.5 27c0-8 4-11 9.5-11s9.5 3 9.5 11z",
  lock: "M7 14h16v12H7z M10.5 14v-4a4.5 4.5 0 0 1 9 0v4",
  sun: "M15 10a5 5 0 1 0 .1 0 M15 3v3 M15 24v3 M3 15h3 M24 15h3 M6.5 6.5l2 2 M21.5 21.5l2 2 M6.5 23.5l2-2 M21.5 8.5l2-2",
  moon: "M23 18A10 10 0 1 1 12 6a8 8 0 0 0 11 12z",
  out: "M12 5H6v20h6 M12 15h14 M21 10l5 5-5 5",
  enter: "M18 5h6v20h-6 M4 15h14 M13 10l5 5-5 5",
  no_entry: "M15 4a11 11 0 1 0 .1 0 M9 15h12",
  question: "M15 4a11 11 0 1 0 .1 0 M11.8 12a3.3 3.3 0 1 1 4.9 2.8c-1.2.7-1.7 1.3-1.7 2.7 M15 21v.3",
  fan: "M15 13.4a1.6 1.6 0 1 0 .1 0 M15 13c-4-3-3-9 1-9s3 6-1 9 M16.6 15.6c5-1 9 3 7 6s-7-1-7-6 M13.4 15.6c-1 5-6 8-8 5s3-6 8-5",
  sound_on: "M5 12h4l6-5v16l-6-5H5z M19 11a6 6 0 0 1 0 8 M22 8a10 10 0 0 1 0 14",
  sound_off: "M5 12h4l6-5v16l-6-5H5z M20 12l6 6 M26 12l-6 6",
  bell_off: "M15 4a8 8 0 0 0-8 8v6l-3 4h22l-3-4v-6a8 8 0 0 0-8-8z M12 26h6 M4 4l22 22",
  forward: "M12 6l9 9-9 9",
  plus: "M15 6v18 M6 15h18",
  minus: "M6 15h18",
  cross: "M8 8l14 14 M22 8L8 22",
  back: "M18 6l-9 9 9 9",
  chevron_up: "M6 20l9-9 9 9",
  chevron_down: "M6 11l9 9 9-9",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 30 30" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
