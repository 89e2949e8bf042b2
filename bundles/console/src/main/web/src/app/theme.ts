// SPDX-License-Identifier: Apache-2.0
import {
  ActionIcon,
  Alert,
  Badge,
  createTheme,
  type MantineColorsTuple,
  Menu,
  Modal,
  SegmentedControl,
  Tooltip,
} from '@mantine/core';
import { decimalMark } from '../ui/number';

const dark: MantineColorsTuple = [
  '#dfe7ef',
  '#b4c0cc',
  '#8694a2',
  '#5d6a78',
  '#2f3945',
  '#242d37',
  '#1a212a',
  '#12181f',
  '#0c1116',
  '#07090c',
];

const signal: MantineColorsTuple = [
  '#e7f3ff',
  '#cbe3fb',
  '#9cc9f5',
  '#69adf0',
  '#4297ec',
  '#2b89ea',
  '#1d7fde',
  '#0f6cc5',
  '#0060b1',
  '#00539d',
];

export const theme = createTheme({
  primaryColor: 'signal',
  // White on it has the contrast that WCAG asks for (4.5:1).
  primaryShade: { light: 7, dark: 7 },
  colors: { dark, signal },
  fontFamily: "Inter, 'Segoe UI', system-ui, -apple-system, 'Noto Sans', 'DejaVu Sans', sans-serif",
  fontFamilyMonospace: "'JetBrains Mono', ui-monospace, 'SFMono-Regular', 'DejaVu Sans Mono', monospace",
  defaultRadius: 'sm',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: { fontWeight: '600' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.6, blur: 2 },
        transitionProps: { duration: 120 },
      },
    }),
    // Not by `extend`: it is not needed before there is a form. Each time anew: the language can change.
    NumberInput: { defaultProps: () => ({ decimalSeparator: decimalMark() }) },
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 350, withArrow: true, fz: 'xs' } }),
    Alert: Alert.extend({
      vars: (_theme, props) => {
        const colour = `var(--mantine-color-${props.color ?? 'signal'}-6)`;
        return {
          root: {
            '--alert-bg': `color-mix(in srgb, ${colour} 13%, transparent)`,
            '--alert-bd': `1px solid color-mix(in srgb, ${colour} 45%, transparent)`,
            '--alert-color': `light-dark(var(--mantine-color-${props.color ?? 'signal'}-8), var(--mantine-color-${props.color ?? 'signal'}-3))`,
          },
        };
      },
    }),
    Badge: Badge.extend({
      vars: (_theme, props) => {
        if (props.variant !== 'light') {
          return { root: {} };
        }
        // The darkest shade upon the lightest has no more than 2.7:1 in yellow and 3.8:1 in green.
        const colour = `var(--mantine-color-${props.color ?? 'signal'}`;
        const dark = `color-mix(in srgb, ${colour}-9) 60%, black)`;
        return {
          root: {
            '--badge-color': `light-dark(${dark}, ${colour}-light-color))`,
            // The lightest grey is the ground it stands on.
            ...(props.color === 'gray'
              ? { '--badge-bg': 'light-dark(var(--mantine-color-gray-2), var(--mantine-color-dark-4))' }
              : {}),
          },
        };
      },
    }),
    // Its placeholder for the focus is an element without a role among the items: the first item takes the focus itself.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    SegmentedControl: SegmentedControl.extend({ classNames: { label: 'segment-label' } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray' } }),
  },
});
