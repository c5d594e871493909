/** To the clipboard, which a browser gives to secure addresses alone; says how it went. */
import { toast } from './toasts.tsx';

export async function copyText(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast({ text: done });
  } catch {
    toast({ text: 'The browser did not allow copying.', tone: 'alert' });
  }
}
