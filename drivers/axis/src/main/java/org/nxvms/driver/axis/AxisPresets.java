// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.PtzPresets;

/** Server presets; a token is the preset's number. Names are unique on a camera. */
final class AxisPresets implements PtzPresets {
    private static final Pattern LINE = Pattern.compile("presetposno(\\d{1,4})=(.*)");

    private final AxisHttp http;

    AxisPresets(AxisHttp http) {
        this.http = http;
    }

    @Override
    public List<Preset> presets() throws DriverException {
        List<Preset> presets = new ArrayList<>();
        http.text(AxisPtz.PATH + "query=presetposall").lines().forEach(line -> {
            Matcher matcher = LINE.matcher(line.strip());
            if (matcher.matches()) {
                presets.add(new Preset(matcher.group(1), matcher.group(2)));
            }
        });
        return List.copyOf(presets);
    }

    @Override
    public void go(String token) throws DriverException {
        if (!has(token)) {
            throw new DriverException(Kind.NOT_FOUND, "The camera has no position '" + token + "'.");
        }
        AxisPtz.send(http, "gotoserverpresetno=" + token);
    }

    /** Also holds a token to what the camera itself has said, so that nothing else gets into the request. */
    private boolean has(String token) throws DriverException {
        return presets().stream().anyMatch(preset -> preset.token().equals(token));
    }

    @Override
    public Preset keep(String name) throws DriverException {
        if (presets().stream().anyMatch(preset -> preset.name().equals(name))) {
            throw new DriverException(Kind.CONFIG, "The camera has a position of the name '" + name + "' already.");
        }
        AxisPtz.send(http, "setserverpresetname=" + URLEncoder.encode(name, StandardCharsets.UTF_8));
        return presets().stream()
                .filter(preset -> preset.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new DriverException(Kind.BUSY, "The camera has kept no position; are all places taken?"));
    }

    @Override
    public void forget(String token) throws DriverException {
        if (has(token)) {
            AxisPtz.send(http, "removeserverpresetno=" + token);
        }
    }
}
