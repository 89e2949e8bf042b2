// SPDX-License-Identifier: Apache-2.0

/** The product's sign: a lens. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#16202b" />
      <circle cx="16" cy="16" r="9" fill="none" stroke="#4297ec" strokeWidth="2.6" />
      <circle cx="16" cy="16" r="3.6" fill="#69adf0" />
      <circle cx="24.5" cy="7.5" r="2.4" fill="#f0524f" />
    </svg>
  );
}
