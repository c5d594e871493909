/** Line icons, 24 units wide, in the colour of the text. */
import type { ComponentChildren } from 'preact';

function icon(children: ComponentChildren) {
  return function Icon({ class: name = 'icon' }: { class?: string }) {
    return (
      <svg class={name} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        {children}
      </svg>
    );
  };
}

export const BackIcon = icon(<path d="M15 5l-7 7 7 7" />);
export const CloseIcon = icon(<path d="M6 6l12 12M18 6L6 18" />);
export const PlusIcon = icon(<path d="M12 5v14M5 12h14" />);
export const LinkIcon = icon(
  <path d="M10 14a4 4 0 006 .4l3-3a4 4 0 00-5.7-5.7l-1 1M14 10a4 4 0 00-6-.4l-3 3a4 4 0 005.7 5.7l1-1" />,
);
export const DeviceIcon = icon(
  <>
    <rect x="7" y="3" width="10" height="18" rx="2" />
    <path d="M11 18h2" />
  </>,
);
export const ServerIcon = icon(
  <>
    <path d="M7 18a4.5 4.5 0 01-.4-9A6 6 0 0118 10.5a3.8 3.8 0 01-.5 7.5z" />
    <path d="M9.5 13.2l2 2 3.5-3.7" />
  </>,
);
export const SendingIcon = icon(
  <>
    <path d="M7 18a4.5 4.5 0 01-.4-9A6 6 0 0118 10.5a3.8 3.8 0 01-.5 7.5" />
    <path d="M12 20v-7M9 15.5l3-3 3 3" />
  </>,
);
export const OfflineIcon = icon(
  <>
    <path d="M9.5 5.6A6 6 0 0118 10.5a3.8 3.8 0 012 5.9M15.5 18H7a4.5 4.5 0 01-.4-9" />
    <path d="M4 4l16 16" />
  </>,
);
export const ClockIcon = icon(
  <>
    <circle cx="12" cy="12" r="8" />
    <path d="M12 7.5V12l3 2" />
  </>,
);
export const PauseIcon = icon(<path d="M9 6v12M15 6v12" />);
export const WarningIcon = icon(
  <>
    <path d="M12 4l9 16H3z" />
    <path d="M12 10v4M12 17v.5" />
  </>,
);

/** The mark: a tick that rises over the horizon. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect class="logo-sky" width="32" height="32" rx="8" />
      <path class="logo-sea" d="M0 19h32v5a8 8 0 01-8 8H8a8 8 0 01-8-8z" />
      <path class="logo-tick" d="M8.5 16.5l5 5L24 9.5" />
    </svg>
  );
}
