// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.Imaging.Action;
import org.nxvms.driver.spi.Wording;

/** What a head does when told by its auxiliary commands (PTZ 5.7): wipers, washers, lights. */
final class OnvifAuxiliary {
    private static final Map<String, Wording> TITLES = Map.of(
            "wiper_on", Wording.of("Wiper on").in("de", "Wischer ein"),
            "wiper_off", Wording.of("Wiper off").in("de", "Wischer aus"),
            "washer_on", Wording.of("Washer on").in("de", "Wascher ein"),
            "washer_off", Wording.of("Washer off").in("de", "Wascher aus"),
            "washingprocedure_on", Wording.of("Washing procedure").in("de", "Waschvorgang"),
            "irlamp_on", Wording.of("Infrared lamp on").in("de", "Infrarotlampe ein"),
            "irlamp_off", Wording.of("Infrared lamp off").in("de", "Infrarotlampe aus"),
            "irlamp_auto", Wording.of("Infrared lamp automatic").in("de", "Infrarotlampe automatisch"));

    private final Services services;
    private final String profile;
    private final Map<String, String> commands;

    OnvifAuxiliary(Services services, String profile, List<String> commands) {
        this.services = services;
        this.profile = "<o:ProfileToken>" + SoapText.escaped(profile) + "</o:ProfileToken>";
        this.commands = named(commands);
    }

    /** {@return commands by the names of actions}: {@code wiper_on} for {@code tt:Wiper|On}. */
    static Map<String, String> named(List<String> commands) {
        Map<String, String> named = new LinkedHashMap<>();
        for (String command : commands) {
            String name = command.replaceFirst("^tt:", "")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9]+", "_")
                    .replaceAll("^_|_$", "");
            if (!name.isEmpty()) {
                named.putIfAbsent(name, command);
            }
        }
        return named;
    }

    List<Action> actions() {
        return commands.entrySet().stream()
                .map(command -> new Action(
                        command.getKey(), TITLES.getOrDefault(command.getKey(), Wording.of(command.getValue()))))
                .toList();
    }

    void perform(String action) throws DriverException {
        String command = commands.get(action);
        if (command == null) {
            throw new DriverException(Kind.NOT_FOUND, "The camera has no action " + action + ".");
        }
        services.call(
                Service.PTZ,
                "SendAuxiliaryCommand",
                profile + "<o:AuxiliaryData>" + SoapText.escaped(command) + "</o:AuxiliaryData>");
    }
}
