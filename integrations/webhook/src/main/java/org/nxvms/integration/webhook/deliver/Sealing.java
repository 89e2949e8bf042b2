// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.deliver;

import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import org.nxvms.integration.webhook.settings.EndpointFiles;
import org.nxvms.integration.webhook.settings.Secrets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the secrets of an endpoint sealed in its file, until that has been read: then a successor of the courier has them
 * sealed. Who brought the settings (Felix File Install) looks at the file once more when they are told, and takes what stands
 * there then for read, or writes over it: so the file is left alone for a moment first, and looked at again afterwards. On the
 * courier's thread.
 */
final class Sealing {
    /** The rest doubles with each turn: what stays unread for long is read by the next start. */
    private static final long REST_MS_MAX = TimeUnit.HOURS.toMillis(1);

    private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);

    private final String name;
    private final EndpointFiles files;
    private final Secrets secrets;
    private long restMs;
    private long dueNs;
    private boolean sealed;
    private boolean over;
    private boolean told;

    /** @param restMs how long the file is left alone after it was read */
    Sealing(String name, EndpointFiles files, Secrets secrets, long restMs) {
        this.name = name;
        this.files = files;
        this.secrets = secrets;
        this.restMs = restMs;
        rest();
    }

    /** {@return whether nothing is left to do} */
    boolean isOver() {
        return over;
    }

    /**
     * Does what is due.
     *
     * @return milliseconds until there is more to do; 0 when nothing is left
     * @throws org.nxvms.platform.api.StoreException while there is no vault
     */
    long turn() {
        long left = TimeUnit.NANOSECONDS.toMillis(dueNs - System.nanoTime());
        if (over || left > 0) {
            return over ? 0 : left;
        }
        try {
            if (files.seal(name, secrets)) {
                sealed = true;
            } else if (sealed) {
                // Nobody has read it: it was taken for what stood there before.
                files.touch(name);
            } else {
                over = true;
                return 0;
            }
        } catch (UncheckedIOException unwritable) {
            if (!told) {
                LOG.warn(
                        "Webhook {}: its secrets stand in its file in the clear until it can be written: {}",
                        name,
                        unwritable.getMessage());
            }
            told = true;
        }
        rest();
        return Math.max(1, restMs / 2);
    }

    private void rest() {
        dueNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(restMs);
        restMs = Math.min(REST_MS_MAX, 2 * restMs);
    }
}
