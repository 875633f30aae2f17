/** What is to be begun in the composer of the panel; for keys and buttons that stand elsewhere. */

import { signal } from "./vendor/preact.js";

/** `name` of the opportunity and the `draft` to begin with. */
export const wanted = signal(null);

/** Begin a "Note", "Call", "Meeting" or "Email" in the panel that is open or opening. */
export const compose = (name, kind, more = {}) => (wanted.value = { name, draft: { kind, ...more } });
