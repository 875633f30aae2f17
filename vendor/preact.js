// The one module of public/pipeline/vendor, from which the page imports whatever it renders with.

import htm from "htm";
import { h } from "preact";

export { Fragment, h, render } from "preact";
export { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
export { batch, computed, effect, signal } from "@preact/signals";
export const html = htm.bind(h);
