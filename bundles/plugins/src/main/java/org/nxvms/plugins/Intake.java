// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginSource;
import org.nxvms.platform.api.plugin.PluginVersion;
import org.nxvms.plugins.file.PluginFacts;
import org.nxvms.plugins.file.PluginFile;
import org.nxvms.plugins.file.PluginFile.Checked;
import org.nxvms.plugins.file.SourceFetch;
import org.nxvms.plugins.store.Staging;
import org.nxvms.plugins.store.Staging.Staged;
import org.nxvms.plugins.store.TrustStore;

/** Fetches and checks a plugin's file, as a private copy. */
final class Intake {
    /** Each may hold a thread and fill the disk by one file while it comes. */
    private static final int ARRIVALS_MAX = 2;

    private final Staging staging;
    private final TrustStore trust;
    private final PluginFile files;
    private final Semaphore arrivals = new Semaphore(ARRIVALS_MAX);

    Intake(Staging staging, TrustStore trust, PluginFile files) {
        this.staging = staging;
        this.trust = trust;
        this.files = files;
    }

    /** A file that may be installed. Closing forgets it, unless it was kept. */
    final class Arrived implements AutoCloseable {
        final String name;
        final PluginVersion version;
        private final Staged jar;

        private Arrived(String name, PluginVersion version, Staged jar) {
            this.name = name;
            this.version = version;
            this.jar = jar;
        }

        void keep() throws IOException {
            staging.keep(jar);
        }

        @Override
        public void close() throws IOException {
            arrivals.release();
            staging.discard(jar);
        }
    }

    /** @throws IllegalStateException when enough others are arriving */
    Arrived take(PluginSource source, boolean allowUnsigned, String by) throws PluginRefusedException, IOException {
        if (!arrivals.tryAcquire()) {
            throw new IllegalStateException("Other plugins are arriving. Try again in some seconds");
        }
        boolean taken = false;
        try {
            Arrived arrived = checked(source, allowUnsigned, by);
            taken = true;
            return arrived;
        } finally {
            if (!taken) {
                arrivals.release();
            }
        }
    }

    private Arrived checked(PluginSource source, boolean allowUnsigned, String by)
            throws PluginRefusedException, IOException {
        Staged file;
        try (InputStream in = SourceFetch.open(source)) {
            file = staging.take(in);
        }
        Checked checked;
        try {
            checked = files.check(file, trust.ids(), allowUnsigned);
        } catch (PluginRefusedException | IOException | RuntimeException refused) {
            staging.discard(file);
            throw refused;
        }
        if (!checked.jar().equals(file)) {
            // The KAR has done its part.
            staging.discard(file);
        }
        return new Arrived(checked.facts().name(), version(checked, source.from(), by), checked.jar());
    }

    private static PluginVersion version(Checked checked, String from, String by) {
        PluginFacts facts = checked.facts();
        return new PluginVersion(
                facts.version(),
                facts.title(),
                facts.vendor(),
                facts.licence(),
                facts.permissions(),
                facts.conformance(),
                checked.jar().sha256(),
                from,
                checked.signer(),
                ReceiptDraft.now(),
                by);
    }
}
