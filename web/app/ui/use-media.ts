/** Whether a media query holds, for what a style sheet cannot decide. */
import { useEffect, useState } from 'preact/hooks';

/** From here on, lists and the open list stand side by side; the same as in layout.css. */
export const WIDE = '(min-width: 760px)';

export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const onChange = () => setHolds(media.matches);
    media.addEventListener('change', onChange);
    return () => media.removeEventListener('change', onChange);
  }, [query]);
  return holds;
}
