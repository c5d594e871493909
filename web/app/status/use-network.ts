/** Whether the browser says that there is a network: a no is certain, a yes is not the whole way. */
import { useEffect, useState } from 'preact/hooks';

export function useNetwork(): boolean {
  const [isThere, setThere] = useState(() => navigator.onLine);
  useEffect(() => {
    const look = () => setThere(navigator.onLine);
    addEventListener('online', look);
    addEventListener('offline', look);
    return () => {
      removeEventListener('online', look);
      removeEventListener('offline', look);
    };
  }, []);
  return isThere;
}
