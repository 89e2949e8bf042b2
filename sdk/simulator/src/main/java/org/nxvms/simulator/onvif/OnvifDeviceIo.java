// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.util.stream.Collectors;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.Ports;
import org.nxvms.simulator.http.HttpAnswer;

/** The Device IO service, and the relays that the Device service knows, too (Core 8.5). */
final class OnvifDeviceIo {
    private final Device device;

    OnvifDeviceIo(Device device) {
        this.device = device;
    }

    HttpAnswer answer(SoapRequest request) {
        return switch (request.name()) {
            case "GetDigitalInputs" ->
                Soap.answer("<tmd:GetDigitalInputsResponse>"
                        + device.ports().list().stream()
                                .filter(port -> !port.output())
                                .map(port ->
                                        "<tmd:DigitalInputs token=\"input_" + port.index() + "\" IdleState=\"open\"/>")
                                .collect(Collectors.joining())
                        + "</tmd:GetDigitalInputsResponse>");
            case "GetRelayOutputs", "SetRelayOutputState" -> relays(request);
            default -> Soap.missing("There is no operation " + request.name() + " in the device IO service.");
        };
    }

    HttpAnswer relays(SoapRequest request) {
        if (request.name().equals("GetRelayOutputs")) {
            return Soap.answer("<tds:GetRelayOutputsResponse>"
                    + device.ports().list().stream()
                            .filter(Ports.Port::output)
                            .map(port -> "<tds:RelayOutputs token=\"relay_" + port.index()
                                    + "\"><tt:Properties><tt:Mode>Bistable</tt:Mode><tt:DelayTime>PT0S</tt:DelayTime>"
                                    + "<tt:IdleState>open</tt:IdleState></tt:Properties></tds:RelayOutputs>")
                            .collect(Collectors.joining())
                    + "</tds:GetRelayOutputsResponse>");
        }
        String token = request.text("RelayOutputToken");
        String state = request.text("LogicalState");
        if (!token.matches("relay_\\d") || !device.ports().isOutput(token.charAt(token.length() - 1) - '0')) {
            return Soap.fault("There is no such relay.", "InvalidArgVal", "RelayToken");
        }
        if (!state.matches("active|inactive")) {
            return Soap.fault("A relay is active or inactive.", "InvalidArgVal");
        }
        device.ports().set(token.charAt(token.length() - 1) - '0', state.equals("active"));
        return Soap.done("tds", "SetRelayOutputState");
    }
}
