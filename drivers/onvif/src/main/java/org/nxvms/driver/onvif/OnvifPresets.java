// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.ArrayList;
import java.util.List;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.PtzPresets;

/** Presets of the main profile (PTZ 5.4), and before them the home position (PTZ 5.5), which is kept in the device. */
final class OnvifPresets implements PtzPresets {
    private static final int PRESETS_MAX = 1_000;
    private static final int NAME_MAX = 100;

    private static final Preset HOME = new Preset(Preset.HOME, "Home position");

    private final Services services;
    private final String profile;
    private final boolean home;
    private final boolean homeKept;

    OnvifPresets(Services services, String profile, OnvifNode node) {
        this.home = node.home();
        this.homeKept = node.homeKept();
        this.services = services;
        this.profile = "<o:ProfileToken>" + SoapText.escaped(profile) + "</o:ProfileToken>";
    }

    @Override
    public List<Preset> presets() throws DriverException {
        List<Preset> presets = new ArrayList<>();
        if (home) {
            presets.add(HOME);
        }
        for (XmlNode told : services.call(Service.PTZ, "GetPresets", profile).all("Preset")) {
            String token = told.attribute("token");
            String name = told.text("Name");
            boolean usable = !token.isEmpty() && token.length() <= Preset.TOKEN_CHARS_MAX;
            if (usable && presets.size() < PRESETS_MAX) {
                presets.add(new Preset(token, name.length() <= NAME_MAX ? name : name.substring(0, NAME_MAX)));
            }
        }
        return List.copyOf(presets);
    }

    @Override
    public void go(String token) throws DriverException {
        if (isHome(token)) {
            services.call(Service.PTZ, "GotoHomePosition", profile);
            return;
        }
        requireKnown(token);
        services.call(Service.PTZ, "GotoPreset", profile + preset(token));
    }

    private boolean isHome(String token) {
        return home && token.equals(HOME.token());
    }

    private static String preset(String token) {
        return "<o:PresetToken>" + SoapText.escaped(token) + "</o:PresetToken>";
    }

    /** Devices have many words for a token that they do not have. */
    private void requireKnown(String token) throws DriverException {
        if (presets().stream().noneMatch(preset -> preset.token().equals(token))) {
            throw new DriverException(Kind.NOT_FOUND, "The camera has no position '" + token + "'.");
        }
    }

    @Override
    public Preset keep(String name) throws DriverException {
        if (presets().stream().anyMatch(preset -> preset.name().equals(name))) {
            throw new DriverException(Kind.CONFIG, "The camera has a position of the name '" + name + "' already.");
        }
        String token = services.call(
                        Service.PTZ,
                        "SetPreset",
                        profile + "<o:PresetName>" + SoapText.escaped(name) + "</o:PresetName>")
                .text("PresetToken");
        return presets().stream()
                .filter(preset -> token.isEmpty()
                        ? preset.name().equals(name)
                        : preset.token().equals(token))
                .findFirst()
                .orElseThrow(
                        () -> new DriverException(Kind.BUSY, "The camera has kept no position; are all places taken?"));
    }

    @Override
    public boolean replaces(String token) {
        return isHome(token) ? homeKept : true;
    }

    @Override
    public Preset keep(String token, String name) throws DriverException {
        if (isHome(token)) {
            services.call(Service.PTZ, "SetHomePosition", profile);
            return HOME;
        }
        requireKnown(token);
        if (presets().stream()
                .anyMatch(other -> other.name().equals(name) && !other.token().equals(token))) {
            throw new DriverException(Kind.CONFIG, "The camera has a position of the name '" + name + "' already.");
        }
        services.call(
                Service.PTZ,
                "SetPreset",
                profile + "<o:PresetName>" + SoapText.escaped(name) + "</o:PresetName>" + preset(token));
        return presets().stream()
                .filter(preset -> preset.token().equals(token))
                .findFirst()
                .orElseThrow(
                        () -> new DriverException(Kind.PROTOCOL, "The camera has lost the position '" + token + "'."));
    }

    @Override
    public void forget(String token) throws DriverException {
        if (isHome(token)) {
            throw new DriverException(Kind.UNSUPPORTED, "The home position is the camera's own; it stays.");
        }
        if (presets().stream().anyMatch(preset -> preset.token().equals(token))) {
            services.call(Service.PTZ, "RemovePreset", profile + preset(token));
        }
    }
}
