// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.nxvms.cameras.book.CameraBook;
import org.nxvms.cameras.book.Secrets;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.platform.api.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the last known streams of each camera sealed in the store, so that at the next start it records
 * before its driver has said a word. Control thread only.
 */
final class EndpointMemory {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointMemory.class);
    private static final int RETRY_MS = 30_000;

    private final ControlLoop loop;
    private final Secrets secrets;
    private final Supplier<CameraBook> book;

    EndpointMemory(ControlLoop loop, Secrets secrets, Supplier<CameraBook> book) {
        this.loop = loop;
        this.secrets = secrets;
        this.book = book;
    }

    /** Takes up what is in the store, if nothing is known yet; {@return whether something is known now that was not}. */
    boolean recall(Supervised camera) {
        Optional<String> sealed = camera.stored.endpoints();
        if (!camera.known.isEmpty() || sealed.isEmpty() || !secrets.available()) {
            return false;
        }
        try {
            camera.known = secrets.openEndpoints(camera.id, sealed.get());
            return true;
        } catch (StoreException e) {
            LOG.debug("The vault went away; camera {} is recalled when it returns", camera.id);
        } catch (IllegalArgumentException e) {
            LOG.warn("The remembered streams of camera {} cannot be opened; its driver is asked instead", camera.id);
        }
        return false;
    }

    /** Stores what is known, if that is not done yet; tried again until it works. */
    void keep(Supervised camera) {
        if (!camera.rememberDue || !secrets.available()) {
            return;
        }
        try {
            String sealed = secrets.sealEndpoints(camera.id, camera.known);
            camera.rememberDue = false;
            book.get()
                    .remember(
                            camera.id,
                            camera.camera().version(),
                            sealed,
                            () -> loop.postAfter(RETRY_MS, () -> camera.rememberDue = true));
        } catch (StoreException e) {
            LOG.debug("The vault went away; the streams of camera {} are stored when it returns", camera.id);
        }
    }

    /** {@return streams for the log; host and port only: some cameras want the password in path or query} */
    static String describe(List<StreamOffer> offers) {
        StringBuilder text = new StringBuilder();
        for (StreamOffer offer : offers) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(offer.role().id())
                    .append(" at ")
                    .append(offer.endpoint().uri().getAuthority());
        }
        return text.toString();
    }
}
