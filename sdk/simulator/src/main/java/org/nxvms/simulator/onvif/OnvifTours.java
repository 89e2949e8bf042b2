// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import org.nxvms.simulator.device.PresetTours;
import org.nxvms.simulator.http.HttpAnswer;

/** Preset tours of the PTZ service (PTZ 5.6): there are two, none can be made. */
final class OnvifTours {
    private static final String TOKEN = "tour_";

    private final PresetTours tours;

    OnvifTours(PresetTours tours) {
        this.tours = tours;
    }

    HttpAnswer list() {
        StringBuilder xml = new StringBuilder("<tptz:GetPresetToursResponse>");
        for (String name : PresetTours.NAMES) {
            xml.append("<tptz:PresetTour token=\"")
                    .append(TOKEN)
                    .append(PresetTours.NAMES.indexOf(name))
                    .append("\"><tt:Name>")
                    .append(name)
                    .append("</tt:Name><tt:Status><tt:State>")
                    .append(tours.isRunning(name) ? "Touring" : "Idle")
                    .append("</tt:State></tt:Status><tt:AutoStart>false</tt:AutoStart><tt:StartingCondition/>")
                    .append("</tptz:PresetTour>");
        }
        return Soap.answer(xml.append("</tptz:GetPresetToursResponse>").toString());
    }

    HttpAnswer operate(SoapRequest request) {
        String token = request.text("PresetTourToken");
        if (!token.matches(TOKEN + "[01]")) {
            return Soap.fault("There is no such tour.", "InvalidArgVal", "NoToken");
        }
        String name = PresetTours.NAMES.get(token.charAt(TOKEN.length()) - '0');
        switch (request.text("Operation")) {
            case "Start" -> tours.start(name);
            case "Stop" -> tours.stop(name);
            default -> {
                return Soap.fault("The tour cannot do that.", "InvalidArgVal", "ActivationFailed");
            }
        }
        return Soap.done("tptz", "OperatePresetTour");
    }
}
