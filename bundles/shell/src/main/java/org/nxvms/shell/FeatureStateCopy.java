// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.karaf.features.DeploymentEvent;
import org.apache.karaf.features.DeploymentListener;
import org.apache.karaf.features.FeatureEvent;
import org.apache.karaf.features.FeaturesListener;
import org.apache.karaf.features.FeaturesService;
import org.apache.karaf.features.RepositoryEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a whole copy of the file in which Karaf notes what is installed: it is written in place, and who is killed while
 * that happens has lost it. {@code bin/setenv} puts the copy back before the next start (ADR 34).
 */
@Component(
        service = {},
        immediate = true)
public final class FeatureStateCopy implements DeploymentListener, FeaturesListener {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureStateCopy.class);
    private static final String STATE = "state.json";
    private static final String COPY = "state.saved.json";

    private final FeaturesService features;
    private final Path folder;

    @Activate
    public FeatureStateCopy(@Reference FeaturesService features) {
        this(
                features,
                FrameworkUtil.getBundle(FeaturesService.class)
                        .getBundleContext()
                        .getDataFile(STATE)
                        .toPath()
                        .getParent());
        features.registerListener((DeploymentListener) this);
        features.registerListener((FeaturesListener) this);
    }

    FeatureStateCopy(FeaturesService features, Path folder) {
        this.features = features;
        this.folder = folder;
    }

    @Deactivate
    void close() {
        features.unregisterListener((FeaturesListener) this);
        features.unregisterListener((DeploymentListener) this);
    }

    @Override
    public void deploymentEvent(DeploymentEvent event) {
        if (event == DeploymentEvent.DEPLOYMENT_STARTED || event == DeploymentEvent.DEPLOYMENT_FINISHED) {
            copy();
        }
    }

    @Override
    public void featureEvent(FeatureEvent event) {
        // What a feature brings is a deployment.
    }

    @Override
    public void repositoryEvent(RepositoryEvent event) {
        if (!event.isReplay()) {
            copy();
        }
    }

    /** On the thread of the operation: it goes on when the copy is on the disk. */
    synchronized void copy() {
        Path state = folder.resolve(STATE);
        Path fresh = folder.resolve(COPY + ".new");
        try {
            if (!Files.exists(state)) {
                return;
            }
            byte[] content = Files.readAllBytes(state);
            if (!isWhole(content)) {
                LOG.warn("{} is not whole; the copy of before is kept", state);
                return;
            }
            try (FileChannel channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(
                    fresh, folder.resolve(COPY), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (IOException notCopied) {
            LOG.warn("{} cannot be copied; it goes on without a copy", state, notCopied);
        }
    }

    /** {@return whether this is a JSON object to its end, and not the beginning of one} As {@code bin/setenv} sees it. */
    static boolean isWhole(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8).strip();
        long open = text.chars().filter(c -> c == '{').count();
        long close = text.chars().filter(c -> c == '}').count();
        return text.startsWith("{") && text.endsWith("}") && open == close;
    }
}
