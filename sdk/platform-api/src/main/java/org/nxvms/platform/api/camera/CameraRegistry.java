// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.media.StreamRole;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The cameras of this server. Any thread; {@link #probe} blocks up to 10 s, changes block for one
 * database transaction, the rest answers from memory.
 */
@ProviderType
public interface CameraRegistry {
    /** {@return all cameras, by name} */
    List<Camera> list();

    Optional<Camera> find(UUID id);

    /** {@return how a camera fares; empty when it is not known} */
    Optional<CameraStatus> status(UUID id);

    /**
     * Adds a camera and starts it. Does not wait for contact.
     *
     * @throws InvalidCameraException naming each field that cannot work
     */
    Camera create(CameraDraft draft) throws InvalidCameraException;

    /**
     * Replaces a camera's configuration. Streams whose endpoint stays equal are not touched.
     *
     * @param expectedVersion the version the caller saw; empty for the one that is there now
     * @throws InvalidCameraException naming each field that cannot work; {@code password} when the draft relies
     *     on the stored one for another host or port
     * @throws org.nxvms.platform.api.NoSuchResourceException when there is no such camera
     * @throws org.nxvms.platform.api.StaleVersionException when the version is another; nothing is changed
     */
    Camera update(UUID id, Optional<Long> expectedVersion, CameraDraft draft) throws InvalidCameraException;

    /**
     * Removes a camera from the configuration; its footage stays until retention removes it.
     *
     * @return false when there is no such camera
     */
    default boolean delete(UUID id) {
        return delete(id, Optional.empty());
    }

    /**
     * Removes a camera while it is as the caller saw it.
     *
     * @param expectedVersion empty for whatever it is
     * @return false when there is no such camera
     * @throws org.nxvms.platform.api.StaleVersionException when it has another version by now
     */
    boolean delete(UUID id, Optional<Long> expectedVersion);

    /**
     * Tries a configuration without saving it: contact, login, streams, codecs, first key frame.
     * Answers within 10 s and disturbs nothing else.
     *
     * @param stored a stored camera whose password is used when the draft gives none, as long as host and
     *     port are the same
     * @throws org.nxvms.platform.api.NoSuchResourceException when there is no such stored camera
     * @throws InvalidCameraException naming each field that cannot work
     * @throws DriverException saying what failed and what to do
     */
    ProbeReport probe(CameraDraft draft, Optional<UUID> stored) throws InvalidCameraException, DriverException;

    /**
     * Records streams from now on, whatever their mode, also over restarts. Asked again, the newer wish counts.
     *
     * @param streams empty: those that are recorded at other times, or main
     * @param duration empty: until {@link #stopRecording}
     * @throws org.nxvms.platform.api.NoSuchResourceException when there is no such camera
     * @throws IllegalStateException when the camera is switched off
     */
    void startRecording(UUID id, Set<StreamRole> streams, Optional<Duration> duration);

    /**
     * Ends what {@link #startRecording} began; what the mode asks for goes on. Nothing happens when nothing was begun.
     *
     * @throws org.nxvms.platform.api.NoSuchResourceException when there is no such camera
     */
    void stopRecording(UUID id);

    /** {@return the drivers installed now, newest version first per id} */
    List<InstalledDriver> drivers();

    /**
     * A driver that is installed.
     *
     * @param version the bundle's version
     * @param cameras how many cameras it serves
     * @param settings what it says can be set; empty when it does not say
     * @param serves whether it serves the cameras of its id, those of a rollout apart; see {@link DriverRollouts}
     */
    record InstalledDriver(
            DriverInfo info,
            String version,
            String bundle,
            int cameras,
            Optional<List<DriverSetting>> settings,
            boolean serves) {
        /** The only one of its id, which does not describe its settings. */
        public InstalledDriver(DriverInfo info, String version, String bundle, int cameras) {
            this(info, version, bundle, cameras, Optional.empty(), true);
        }
    }
}
