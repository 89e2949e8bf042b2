// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.plugin;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The plugin installer. Any thread. Operations block for some seconds, one runs at a time; a second one meanwhile is an
 * {@link IllegalStateException}, as is everything else that the state of a plugin does not allow. Each operation that
 * was tried leaves a {@link SwapReceipt}, refused ones included.
 *
 * <p>Who calls has asked for {@link org.nxvms.platform.api.security.Permission#MANAGE_PLUGINS} before.
 */
@ProviderType
public interface PluginAdmin {
    /** {@return all plugins, by name} */
    List<Plugin> plugins();

    Optional<Plugin> find(String name);

    /**
     * Adds a plugin that is not there yet.
     *
     * @param allowUnsigned take a file that nobody signed; one signed by a stranger is refused all the same
     * @param by who does it, for receipt and event
     * @throws PluginRefusedException saying what of the file is in the way; nothing was changed
     * @throws IllegalStateException when a plugin of this name is installed
     * @throws IOException when the data folder cannot be written
     */
    SwapReceipt install(PluginSource source, boolean allowUnsigned, String by)
            throws PluginRefusedException, IOException;

    /**
     * Brings another version up beside the one that serves, and takes that one out when the new one's service is seen.
     * The old version is kept for {@link #rollback}. A disabled plugin is enabled by it.
     *
     * @throws PluginRefusedException as {@link #install}, also when the file holds another plugin
     * @throws org.nxvms.platform.api.NoSuchResourceException when there is no such plugin
     * @throws IllegalStateException when just this version is installed
     */
    SwapReceipt update(String name, PluginSource source, boolean allowUnsigned, String by)
            throws PluginRefusedException, IOException;

    /**
     * Brings another version of a driver up beside the one that serves and moves one camera to it, then all ({@link
     * org.nxvms.platform.api.camera.DriverRollouts}). When they fare as before, it is as after {@link #update}; when not, or
     * when the rollout is given up, it is taken out again. Returns as soon as the version is there; the receipt, which is
     * running until then, tells how it ended. A trial that is under way when the server or the installer ends is given up.
     *
     * @throws PluginRefusedException as {@link #update}
     * @throws org.nxvms.platform.api.NoSuchResourceException when there is no such plugin
     * @throws IllegalArgumentException when the canary is none of its cameras, or is switched off
     * @throws IllegalStateException when the plugin is disabled, does not run, or does not offer just one driver; when a
     *     trial of it, or another rollout of its driver, is under way
     */
    SwapReceipt tryOut(String name, PluginSource source, boolean allowUnsigned, PluginTrial trial, String by)
            throws PluginRefusedException, IOException;

    /**
     * Goes back to the version before; the two change places.
     *
     * @throws IllegalStateException when there is none
     */
    SwapReceipt rollback(String name, String by) throws PluginRefusedException, IOException;

    /** Takes a plugin out of the running server and keeps it; also over restarts. */
    SwapReceipt disable(String name, String by) throws PluginRefusedException, IOException;

    /** Brings a plugin up that was disabled, or that failed and may work now. */
    SwapReceipt enable(String name, String by) throws PluginRefusedException, IOException;

    /** Takes a plugin out for good, its previous version too. */
    SwapReceipt remove(String name, String by) throws PluginRefusedException, IOException;

    /** {@return the certificates whose owners' plugins are taken, by subject} */
    List<TrustedCertificate> trusted() throws IOException;

    /**
     * Trusts the owner of a certificate. It counts by itself: who issued it, and until when, does not matter.
     *
     * @param pem an X.509 certificate as PEM
     * @throws IllegalArgumentException when it is none
     */
    TrustedCertificate trust(String pem, String by) throws IOException;

    /**
     * Trusts a certificate no more; what it signed stays installed.
     *
     * @return false when it was not trusted
     */
    boolean distrust(String sha256, String by) throws IOException;

    /**
     * {@return receipts, newest first}
     *
     * @param limit at most so many, from 1
     * @param before only those older than this one; empty: from the newest
     */
    List<SwapReceipt> receipts(int limit, Optional<UUID> before) throws IOException;

    Optional<SwapReceipt> receipt(UUID id) throws IOException;
}
