// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import org.nxvms.driver.spi.DriverException;

/**
 * What a head can beside moving (PTZ 5.1).
 *
 * @param home whether it has a home position
 * @param homeKept whether that may be kept anew (PTZ 5.5.2): the device says so, or does not say otherwise
 * @param auxiliary its auxiliary commands, as it writes them: {@code tt:Wiper|On}
 * @param tours whether it makes rounds by itself
 */
record OnvifNode(boolean home, boolean homeKept, List<String> auxiliary, boolean tours) {
    private static final int AUXILIARY_MAX = 50;
    private static final String AUXILIARY = "[^\\p{Cntrl}]{1,60}";

    static final OnvifNode NONE = new OnvifNode(false, false, List.of(), false);

    /** {@return what a device tells of the head of a profile; nothing where it tells nothing} */
    static OnvifNode ask(Services services, Profile main) throws DriverException {
        return services.find(
                        Service.PTZ, "GetNode", "<o:NodeToken>" + SoapText.escaped(main.ptzNode()) + "</o:NodeToken>")
                .flatMap(answer -> answer.find("PTZNode"))
                .map(OnvifNode::parse)
                .orElse(NONE);
    }

    static OnvifNode parse(XmlNode node) {
        boolean home = isTrue(node.text("HomeSupported"));
        return new OnvifNode(
                home,
                home && !isTrue(node.attribute("FixedHomePosition")),
                node.all("AuxiliaryCommands").stream()
                        .map(XmlNode::text)
                        .filter(command -> command.matches(AUXILIARY))
                        .distinct()
                        .limit(AUXILIARY_MAX)
                        .toList(),
                !node.text("Extension", "SupportedPresetTour", "MaximumNumberOfPresetTours")
                        .matches("0?"));
    }

    private static boolean isTrue(String text) {
        return text.equals("true") || text.equals("1");
    }
}
