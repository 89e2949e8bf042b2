// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.vapix;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultSet;
import org.nxvms.simulator.http.Dialect;
import org.nxvms.simulator.http.HttpAnswer;
import org.nxvms.simulator.http.HttpRequest;
import org.nxvms.simulator.http.WebSocketLink;
import org.nxvms.simulator.push.PushPath;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.simulator.rtsp.StreamNames;

/** One simulated device that speaks VAPIX: which path is answered by what. */
public final class VapixDialect implements Dialect {
    public static final String ID = "vapix";

    private static final String CGI = "/axis-cgi/";
    private static final String EVENTS = "/vapix/ws-data-stream";
    private static final String READY = CGI + "systemready.cgi";
    /** What a user who may only watch has no right to. */
    private static final Pattern OPERATORS = Pattern.compile(
            CGI + "(com/ptz|io/\\w+|time|date|restart|firmwaremanagement|virtualinput/\\w+|opticscontrol"
                    + "|clearviewcontrol|record/\\w+|record/export/\\w+)\\.cgi");

    private static final String STREAM = "/axis-media/media.amp";

    private final Device device;
    private final VapixParameters parameters;
    private final VapixPtz ptz;
    private final VapixPorts ports;
    private final VapixSystem system;
    private final VapixOptics optics;
    private final VapixAudio audio;
    private final VapixRecords records;
    private final PushPath push;
    private final AtomicInteger links = new AtomicInteger();

    public VapixDialect(Device device) {
        this.device = device;
        parameters = new VapixParameters(device);
        ptz = new VapixPtz(device.ptz());
        ports = new VapixPorts(device.ports(), device.events());
        system = new VapixSystem(device, parameters);
        optics = new VapixOptics(device.optics());
        audio = new VapixAudio(device);
        records = new VapixRecords(device);
        push = new PushPath(device);
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String realm() {
        return "AXIS_" + device.serialNumber();
    }

    /** Whether a device is ready can be asked without a login. */
    @Override
    public boolean isOpen(HttpRequest request) {
        return request.path().equals(READY);
    }

    @Override
    public HttpAnswer answer(HttpRequest request) throws IOException {
        String path = request.path();
        if (path.equals(EVENTS)) {
            return isFull()
                    ? HttpAnswer.text(503, "too many event streams\r\n")
                    : HttpAnswer.text(400, "this is a WebSocket: send Upgrade: websocket and sources=events\r\n");
        }
        if (device.faults().has(FaultKind.FORBIDDEN) && isForOperators(request)) {
            return HttpAnswer.text(403, "Forbidden\r\n");
        }
        if (path.equals(PushPath.PATH)) {
            return push.answer(request);
        }
        if (!path.startsWith(CGI)) {
            return HttpAnswer.text(404, "Not Found\r\n");
        }
        return switch (path.substring(CGI.length())) {
            case "systemready.cgi" -> VapixJson.answer(request, system.ready());
            case "basicdeviceinfo.cgi" -> VapixJson.answer(request, system.basicDeviceInfo());
            case "apidiscovery.cgi" -> VapixJson.answer(request, system.apiDiscovery());
            case "streamprofile.cgi" -> VapixJson.answer(request, system.streamProfiles());
            case "time.cgi" -> VapixJson.answer(request, system.time());
            case "firmwaremanagement.cgi" -> system.firmware(request);
            case "io/portmanagement.cgi" -> VapixJson.answer(request, ports.methods());
            case "io/port.cgi" -> ports.text(request);
            case "virtualinput/activate.cgi" -> ports.virtualInput(request, true);
            case "virtualinput/deactivate.cgi" -> ports.virtualInput(request, false);
            case "param.cgi" -> parameters.answer(request);
            case "com/ptz.cgi" -> device.faults().has(FaultKind.PTZ_SILENT) ? HttpAnswer.NONE : ptz.answer(request);
            case "clearviewcontrol.cgi" -> VapixJson.answer(request, optics.clearView());
            case "opticscontrol.cgi" -> VapixJson.answer(request, optics.optics());
            case "record/list.cgi" -> records.list(request);
            case "record/export/exportrecording.cgi" -> records.export(request);
            case "jpg/image.cgi" -> image(request);
            case "date.cgi" -> system.date(request);
            case "restart.cgi" -> system.restart();
            default -> HttpAnswer.text(404, "Not Found\r\n");
        };
    }

    private static boolean isForOperators(HttpRequest request) {
        return OPERATORS.matcher(request.path()).matches()
                || request.path().equals(CGI + "param.cgi")
                        && request.parameters().getOrDefault("action", "").equals("update");
    }

    private HttpAnswer image(HttpRequest request) throws IOException {
        String size = request.parameters().getOrDefault("resolution", "");
        ClipSpec spec = device.clip().spec();
        if (size.isEmpty() || size.equals(VapixParameters.size(spec.main()))) {
            return HttpAnswer.of(200, "image/jpeg", device.still(Camera.Role.MAIN));
        }
        return size.equals(VapixParameters.size(spec.sub()))
                ? HttpAnswer.of(200, "image/jpeg", device.still(Camera.Role.SUB))
                : HttpAnswer.text(
                        400,
                        "Error: resolution: use " + VapixParameters.size(spec.main()) + " or "
                                + VapixParameters.size(spec.sub()) + "\r\n");
    }

    @Override
    public void close() {
        push.close();
    }

    @Override
    public Optional<Upload> upload(HttpRequest head) {
        return head.path().equals(VapixAudio.PATH) ? Optional.of(audio.upload(head)) : Optional.empty();
    }

    @Override
    public Optional<Link> link(HttpRequest request) {
        boolean wanted = request.path().equals(EVENTS)
                && request.method().equals("GET")
                && request.parameters().getOrDefault("sources", "").equals("events")
                && request.header("upgrade").orElse("").equalsIgnoreCase("websocket")
                && request.header("sec-websocket-key").isPresent();
        return wanted && !isFull() ? Optional.of(this::hold) : Optional.empty();
    }

    private void hold(WebSocketLink socket) throws IOException, InterruptedException {
        links.incrementAndGet();
        try {
            new VapixEvents(device, socket).hold();
        } finally {
            links.decrementAndGet();
        }
    }

    private boolean isFull() {
        FaultSet faults = device.faults();
        return isFull(faults, FaultKind.SESSION_LIMIT) || isFull(faults, FaultKind.SESSION_LIMIT_503);
    }

    private boolean isFull(FaultSet faults, FaultKind limit) {
        return faults.has(limit) && links.get() >= faults.value(limit);
    }

    /** {@code /axis-media/media.amp}, which stream by profile or resolution; main when neither is named. */
    @Override
    public StreamNames streamNames() {
        return (path, query) -> path.equals(STREAM) ? stream(HttpRequest.parameters(query)) : Optional.empty();
    }

    private Optional<Camera.Role> stream(Map<String, String> given) {
        Map<String, String> wanted = given;
        if (given.containsKey("streamprofile")) {
            Optional<String> profile = parameters.profile(given.get("streamprofile"));
            if (profile.isEmpty()) {
                return Optional.empty();
            }
            wanted = HttpRequest.parameters(profile.get());
            wanted.putAll(given);
        }
        ClipSpec spec = device.clip().spec();
        String size = wanted.getOrDefault("resolution", VapixParameters.size(spec.main()));
        if (!wanted.getOrDefault("videocodec", "h264").equals("h264")) {
            return Optional.empty();
        }
        if (size.equals(VapixParameters.size(spec.main()))) {
            return Optional.of(Camera.Role.MAIN);
        }
        return size.equals(VapixParameters.size(spec.sub())) ? Optional.of(Camera.Role.SUB) : Optional.empty();
    }
}
