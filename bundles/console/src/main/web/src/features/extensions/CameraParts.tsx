// SPDX-License-Identifier: Apache-2.0
import { Text } from '@mantine/core';
import { useMemo } from 'react';
import type { Camera } from '../../api/types';
import { ExtensionElement } from './ExtensionElement';
import { useContributions, useTitles } from './useExtensions';

/** What extensions have to be set of a camera. Each keeps by itself what is entered in it. */
export function CameraParts({ camera }: { camera: Camera }) {
  const parts = useContributions('camera.config');
  const title = useTitles();
  const { id, name } = camera;
  const context = useMemo(() => ({ cameraId: id, cameraName: name }), [id, name]);
  return parts.map((part) => (
    <section key={part.key} aria-label={title(part)}>
      <Text fw={600} size="sm" mb={4}>
        {title(part)}
      </Text>
      <ExtensionElement contribution={part} context={context} />
    </section>
  ));
}
