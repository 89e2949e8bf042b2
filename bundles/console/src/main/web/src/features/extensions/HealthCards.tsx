// SPDX-License-Identifier: Apache-2.0
import { Text } from '@mantine/core';
import { ExtensionElement } from './ExtensionElement';
import { useContributions, useTitles } from './useExtensions';

const NO_CONTEXT = {};

/** What extensions say of how they or what they look after fares. */
export function HealthCards({ className }: { className?: string }) {
  const cards = useContributions('health.card');
  const title = useTitles();
  return cards.map((card) => (
    <section key={card.key} className={className} aria-label={title(card)}>
      <Text fw={600} size="sm">
        {title(card)}
      </Text>
      <ExtensionElement contribution={card} context={NO_CONTEXT} />
    </section>
  ));
}
