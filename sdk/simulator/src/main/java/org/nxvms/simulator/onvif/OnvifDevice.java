// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.http.HttpAnswer;
import org.nxvms.simulator.http.HttpRequest;

/** The Device service: who it is, what it has and where, its time, and how to start it anew. Its time zone is UTC. */
final class OnvifDevice {
    static final String PATH = "/onvif/device_service";
    static final String MANUFACTURER = "NXvms";
    static final String MODEL = "SIM-ONVIF";
    static final String FIRMWARE = "1.4.2";

    /** Which service is where, by namespace. */
    static final Map<String, String> SERVICES = services();

    private final Device device;

    OnvifDevice(Device device) {
        this.device = device;
    }

    private static Map<String, String> services() {
        Map<String, String> services = new LinkedHashMap<>();
        services.put(Soap.DEVICE, PATH);
        services.put(Soap.MEDIA, "/onvif/media_service");
        services.put(Soap.MEDIA2, "/onvif/media2_service");
        services.put(Soap.PTZ, "/onvif/ptz_service");
        services.put(Soap.IMAGING, "/onvif/imaging_service");
        services.put(Soap.EVENTS, "/onvif/event_service");
        services.put(Soap.RECORDING, "/onvif/recording_service");
        services.put(Soap.SEARCH, "/onvif/search_service");
        services.put(Soap.REPLAY, "/onvif/replay_service");
        services.put(Soap.DEVICE_IO, "/onvif/deviceio_service");
        services.put(Soap.ANALYTICS, "/onvif/analytics_service");
        return services;
    }

    /** {@return the device's own address, as the client wrote it} */
    static String base(HttpRequest http) {
        return "http://" + http.header("host").orElse("127.0.0.1");
    }

    HttpAnswer answer(HttpRequest http, SoapRequest request) {
        return switch (request.name()) {
            case "GetSystemDateAndTime" -> dateAndTime();
            case "SetSystemDateAndTime" -> setDateAndTime(request);
            case "GetServices" -> allServices(http);
            case "GetCapabilities" -> capabilities(http);
            case "GetDeviceInformation" ->
                Soap.answer(
                        """
                        <tds:GetDeviceInformationResponse><tds:Manufacturer>%s</tds:Manufacturer><tds:Model>%s</tds:Model>\
                        <tds:FirmwareVersion>%s</tds:FirmwareVersion><tds:SerialNumber>%s</tds:SerialNumber>\
                        <tds:HardwareId>1</tds:HardwareId></tds:GetDeviceInformationResponse>"""
                                .formatted(MANUFACTURER, MODEL, FIRMWARE, device.serialNumber()));
            case "GetScopes" -> scopes();
            case "GetEndpointReference" ->
                Soap.answer("<tds:GetEndpointReferenceResponse><tds:GUID>" + WsDiscovery.endpoint(device)
                        + "</tds:GUID></tds:GetEndpointReferenceResponse>");
            case "GetHostname" ->
                Soap.answer(
                        """
                        <tds:GetHostnameResponse><tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP>\
                        <tt:Name>sim-%s</tt:Name></tds:HostnameInformation></tds:GetHostnameResponse>"""
                                .formatted(device.serialNumber()));
            case "GetNetworkInterfaces" ->
                Soap.answer(
                        """
                        <tds:GetNetworkInterfacesResponse><tds:NetworkInterfaces token="eth0"><tt:Enabled>true</tt:Enabled>\
                        <tt:Info><tt:Name>eth0</tt:Name><tt:HwAddress>%s</tt:HwAddress><tt:MTU>1500</tt:MTU></tt:Info>\
                        </tds:NetworkInterfaces></tds:GetNetworkInterfacesResponse>"""
                                .formatted(device.serialNumber().replaceAll("(..)(?=.)", "$1:")));
            case "SystemReboot" ->
                Soap.answer("<tds:SystemRebootResponse><tds:Message>Rebooting</tds:Message></tds:SystemRebootResponse>")
                        .andThen(device::reboot);
            case "GetRelayOutputs", "SetRelayOutputState" -> new OnvifDeviceIo(device).relays(request);
            case "GetUsers", "CreateUsers", "SetUser", "DeleteUsers" ->
                new OnvifAccounts(device.accounts()).answer(request);
            default -> Soap.missing("There is no operation " + request.name() + " in the device service.");
        };
    }

    private HttpAnswer dateAndTime() {
        LocalDateTime now = LocalDateTime.ofInstant(device.time(), ZoneOffset.UTC);
        return Soap.answer(
                """
                <tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>Manual</tt:DateTimeType>\
                <tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>UTC0</tt:TZ></tt:TimeZone>\
                <tt:UTCDateTime><tt:Time><tt:Hour>%d</tt:Hour><tt:Minute>%d</tt:Minute><tt:Second>%d</tt:Second></tt:Time>\
                <tt:Date><tt:Year>%d</tt:Year><tt:Month>%d</tt:Month><tt:Day>%d</tt:Day></tt:Date></tt:UTCDateTime>\
                </tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"""
                        .formatted(
                                now.getHour(),
                                now.getMinute(),
                                now.getSecond(),
                                now.getYear(),
                                now.getMonthValue(),
                                now.getDayOfMonth()));
    }

    private HttpAnswer setDateAndTime(SoapRequest request) {
        if (!request.text("DateTimeType").equals("Manual")) {
            return Soap.fault("This device has no NTP.", "InvalidArgVal", "NtpServerUndefined");
        }
        try {
            LocalDateTime wanted = LocalDateTime.of(
                    number(request, "Date", "Year"),
                    number(request, "Date", "Month"),
                    number(request, "Date", "Day"),
                    number(request, "Time", "Hour"),
                    number(request, "Time", "Minute"),
                    number(request, "Time", "Second"));
            Instant time = wanted.toInstant(ZoneOffset.UTC);
            device.setTime(time);
            return Soap.done("tds", "SetSystemDateAndTime");
        } catch (DateTimeException | NumberFormatException noTime) {
            return Soap.fault("The date and time cannot be used.", "InvalidArgVal", "InvalidDateTime");
        }
    }

    private static int number(SoapRequest request, String group, String part) {
        return Integer.parseInt(request.text("UTCDateTime", group, part));
    }

    private HttpAnswer allServices(HttpRequest http) {
        StringBuilder xml = new StringBuilder("<tds:GetServicesResponse>");
        SERVICES.forEach(
                (namespace, path) -> xml.append("<tds:Service><tds:Namespace>")
                        .append(namespace)
                        .append("</tds:Namespace><tds:XAddr>")
                        .append(Soap.escaped(base(http) + path))
                        .append(
                                "</tds:XAddr><tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>"));
        return device.faults().has(FaultKind.NO_GET_SERVICES)
                ? Soap.missing("There is no operation GetServices in the device service.")
                : Soap.answer(xml.append("</tds:GetServicesResponse>").toString());
    }

    /** The older way to ask for services, which does not know of Media2. */
    private HttpAnswer capabilities(HttpRequest http) {
        StringBuilder xml = new StringBuilder("<tds:GetCapabilitiesResponse><tds:Capabilities>");
        capability(
                xml,
                http,
                "Analytics",
                Soap.ANALYTICS,
                "<tt:RuleSupport>true</tt:RuleSupport><tt:AnalyticsModuleSupport>true</tt:AnalyticsModuleSupport>");
        capability(xml, http, "Device", Soap.DEVICE, "");
        capability(
                xml,
                http,
                "Events",
                Soap.EVENTS,
                """
                <tt:WSSubscriptionPolicySupport>false</tt:WSSubscriptionPolicySupport>\
                <tt:WSPullPointSupport>true</tt:WSPullPointSupport>\
                <tt:WSPausableSubscriptionManagerInterfaceSupport>false</tt:WSPausableSubscriptionManagerInterfaceSupport>""");
        capability(xml, http, "Imaging", Soap.IMAGING, "");
        capability(
                xml,
                http,
                "Media",
                Soap.MEDIA,
                """
                <tt:StreamingCapabilities><tt:RTPMulticast>true</tt:RTPMulticast><tt:RTP_TCP>true</tt:RTP_TCP>\
                <tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP></tt:StreamingCapabilities>""");
        capability(xml, http, "PTZ", Soap.PTZ, "");
        xml.append("<tt:Extension>");
        capability(xml, http, "DeviceIO", Soap.DEVICE_IO, "");
        xml.append("</tt:Extension>");
        return Soap.answer(
                xml.append("</tds:Capabilities></tds:GetCapabilitiesResponse>").toString());
    }

    private static void capability(StringBuilder xml, HttpRequest http, String name, String namespace, String more) {
        xml.append("<tt:").append(name).append("><tt:XAddr>");
        xml.append(Soap.escaped(base(http) + SERVICES.get(namespace)));
        xml.append("</tt:XAddr>").append(more).append("</tt:").append(name).append('>');
    }

    private HttpAnswer scopes() {
        StringBuilder xml = new StringBuilder("<tds:GetScopesResponse>");
        for (String scope : WsDiscovery.scopesOf(device)) {
            xml.append("<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>")
                    .append(scope)
                    .append("</tt:ScopeItem></tds:Scopes>");
        }
        return Soap.answer(xml.append("</tds:GetScopesResponse>").toString());
    }
}
