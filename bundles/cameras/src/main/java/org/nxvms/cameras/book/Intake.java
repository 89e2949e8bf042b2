// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.book;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.nxvms.cameras.drivers.DeviceDoor;
import org.nxvms.cameras.drivers.DriverShelf;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.CameraStore.StoredCamera;
import org.nxvms.platform.api.camera.InvalidCameraException;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.platform.api.network.AddressRule;

/** What somebody wants of a camera, held against all that is known: its driver, the volumes, what is stored. Any thread. */
public final class Intake {
    private static final int SHOWN_CHARS_MAX = 40;

    private final DriverShelf shelf;
    private final Secrets secrets;
    private final DeviceDoor door;
    private final Supplier<Optional<Archive>> archive;

    public Intake(DriverShelf shelf, Secrets secrets, DeviceDoor door, Supplier<Optional<Archive>> archive) {
        this.shelf = shelf;
        this.secrets = secrets;
        this.door = door;
        this.archive = archive;
    }

    /**
     * A draft that can be stored.
     *
     * @param secretSettings names of the settings that are stored sealed only
     */
    public record Checked(CameraDraft draft, Set<String> secretSettings) {}

    /** @throws InvalidCameraException naming each field that cannot work */
    public Checked forNew(CameraDraft draft) throws InvalidCameraException {
        ShelvedDriver driver = installed(draft.driver());
        CameraDraft checked = DraftRules.check(draft, Optional.of(driver.info()), door.rule());
        SettingsRules.check(checked, Optional.empty(), driver.settings());
        NamedVolumes.check(checked.recording(), RecordingSettings.DEFAULT, archive.get());
        return new Checked(checked, SettingsRules.secrets(driver.settings()));
    }

    /** @throws InvalidCameraException naming each field that cannot work */
    public Checked forChange(Camera before, CameraDraft draft) throws InvalidCameraException {
        // A camera whose driver is away can still be renamed or switched off.
        Optional<ShelvedDriver> driver = before.driver().equals(draft.driver())
                ? shelf.serving(draft.driver())
                : Optional.of(installed(draft.driver()));
        // A camera that may not be where it is any more can still be renamed or switched off; nobody connects to it.
        boolean moved = !before.address().equals(draft.address())
                || !before.subAddress().equals(draft.subAddress());
        AddressRule hosts = moved ? door.rule() : AddressRule.DEVICES;
        CameraDraft checked = DraftRules.check(draft, driver.map(ShelvedDriver::info), hosts);
        if (driver.isEmpty() && !checked.settings().equals(before.settings())) {
            throw new InvalidCameraException(Map.of(
                    "settings",
                    "The driver " + draft.driver() + " is not installed (" + shelf.installedIds()
                            + "), and nobody else knows what can be set. Install it first."));
        }
        SettingsRules.check(checked, Optional.of(before), driver.flatMap(ShelvedDriver::settings));
        KeptPassword.check(before, checked);
        NamedVolumes.check(checked.recording(), before.recording(), archive.get());
        return new Checked(checked, SettingsRules.secrets(driver.flatMap(ShelvedDriver::settings)));
    }

    /**
     * A draft to be tried, with all its secrets in the clear.
     *
     * @param stored whose secrets are used where the draft gives none, and may be
     * @throws InvalidCameraException naming each field that cannot work
     */
    public CameraDraft forProbe(CameraDraft draft, Optional<StoredCamera> stored) throws InvalidCameraException {
        ShelvedDriver driver = installed(draft.driver());
        CameraDraft checked = DraftRules.check(draft, Optional.of(driver.info()), door.rule());
        if (stored.isEmpty()) {
            SettingsRules.check(checked, Optional.empty(), driver.settings());
            return checked;
        }
        Camera camera = stored.get().camera();
        CameraDraft whole = checked.withSettings(withStored(checked, camera));
        SettingsRules.check(whole, Optional.of(camera), driver.settings());
        KeptPassword.check(camera, whole);
        return inTheClear(whole, stored.get());
    }

    /** The draft's settings, and the secrets stored for the same driver that it does not give. */
    private static Map<String, String> withStored(CameraDraft draft, Camera stored) {
        Map<String, String> settings = new HashMap<>(draft.settings());
        if (stored.driver().equals(draft.driver())) {
            for (String name : SealedSettings.names(stored.settings())) {
                settings.putIfAbsent(name, stored.settings().get(name));
            }
        }
        return settings;
    }

    private CameraDraft inTheClear(CameraDraft draft, StoredCamera stored) throws InvalidCameraException {
        CameraDraft open;
        try {
            open = draft.withSettings(secrets.settings(stored.camera().id(), draft.settings()));
        } catch (IllegalArgumentException e) {
            throw new InvalidCameraException(
                    Map.of("settings", "A secret setting cannot be opened with this server's key; enter it again."));
        }
        if (KeptPassword.isMeant(stored.camera(), draft) && Secrets.isOnlyByDigest(stored)) {
            throw new InvalidCameraException(Map.of(
                    "password",
                    "This camera was found again at another address, which nobody has entered the stored password for; enter"
                            + " it again."));
        }
        try {
            return KeptPassword.isMeant(stored.camera(), draft)
                    ? open.withPassword(secrets.credentials(stored).map(Credentials::password))
                    : open;
        } catch (IllegalArgumentException e) {
            throw new InvalidCameraException(
                    Map.of("password", "The stored password cannot be opened with this server's key; enter it again."));
        }
    }

    private ShelvedDriver installed(String id) throws InvalidCameraException {
        Optional<ShelvedDriver> driver = shelf.serving(id);
        if (driver.isEmpty()) {
            String shown = id.length() > SHOWN_CHARS_MAX ? id.substring(0, SHOWN_CHARS_MAX) + "…" : id;
            throw new InvalidCameraException(
                    Map.of("driver", "The driver \"" + shown + "\" is not installed (" + shelf.installedIds() + ")."));
        }
        return driver.get();
    }
}
