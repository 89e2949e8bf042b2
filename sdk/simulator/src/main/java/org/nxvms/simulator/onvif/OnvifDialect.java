// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.DeviceAccounts;
import org.nxvms.simulator.device.Speaker;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultSet;
import org.nxvms.simulator.http.Dialect;
import org.nxvms.simulator.http.HttpAnswer;
import org.nxvms.simulator.http.HttpRequest;
import org.nxvms.simulator.rtsp.AuthScheme;
import org.nxvms.simulator.rtsp.Ear;
import org.nxvms.simulator.rtsp.StreamNames;

/** One simulated device that speaks ONVIF: which service answers what, and who may ask. */
public final class OnvifDialect implements Dialect {
    public static final String ID = "onvif";

    /** What is answered before a login (Core 5.9.1, access class PRE_AUTH). */
    private static final Set<String> OPEN = Set.of(
            "GetSystemDateAndTime",
            "GetServices",
            "GetServiceCapabilities",
            "GetCapabilities",
            "GetHostname",
            "GetEndpointReference");

    /** What a user who may only watch has no right to. */
    private static final Set<String> OPERATORS = Set.of(
            "SetSystemDateAndTime",
            "SystemReboot",
            "ContinuousMove",
            "AbsoluteMove",
            "RelativeMove",
            "Stop",
            "GotoHomePosition",
            "GotoPreset",
            "SetPreset",
            "RemovePreset",
            "SetImagingSettings",
            "SetVideoEncoderConfiguration",
            "CreateMask",
            "SetMask",
            "DeleteMask",
            "SetMetadataConfiguration",
            "AddMetadataConfiguration",
            "RemoveMetadataConfiguration",
            "AddConfiguration",
            "RemoveConfiguration",
            "SetRelayOutputState",
            "SendAuxiliaryCommand",
            "OperatePresetTour",
            "Move");

    /** What only who sets the device up may ask for (Core 5.9.1, access classes READ_SYSTEM_SECRET and WRITE_SYSTEM). */
    private static final Set<String> ADMINISTRATORS = OnvifAccounts.OPERATIONS;

    /** So soon after a fault is cleared what it held back is answered. */
    private static final long LOOK_MS = 10;

    private static final Map<String, String> NAMESPACES = OnvifDevice.SERVICES.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    private final Device device;
    private final OnvifDevice service;
    private final OnvifMedia media;
    private final OnvifPtz ptz;
    private final OnvifImaging imaging;
    private final OnvifEvents events;
    private final OnvifRecords records;

    public OnvifDialect(Device device) {
        this.device = device;
        service = new OnvifDevice(device);
        media = new OnvifMedia(device);
        ptz = new OnvifPtz(device);
        imaging = new OnvifImaging(device);
        events = new OnvifEvents(device);
        records = new OnvifRecords(device);
        device.camera().hears(() -> device.speaker().begin("audio/basic").map(OnvifDialect::voice));
    }

    private static Ear.Voice voice(Speaker.Sound sound) {
        return new Ear.Voice() {
            @Override
            public void play(byte[] samples) {
                sound.play(samples);
            }

            @Override
            public void end() {
                sound.close();
            }
        };
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String realm() {
        return "ONVIF_" + device.serialNumber();
    }

    /** Whatever is open to all, brings a login of its own, or is no SOAP and is told so. */
    @Override
    public boolean isOpen(HttpRequest request) {
        if (!request.path().startsWith("/onvif/") || request.path().startsWith(OnvifMedia.SNAPSHOTS)) {
            return false;
        }
        if (request.body().length == 0 && request.method().equals("POST")) {
            // Clients that log in by HTTP send no body before they have been asked to.
            return device.faults().has(FaultKind.NO_HTTP_DIGEST);
        }
        try {
            SoapRequest soap = SoapRequest.parse(request.body());
            boolean token = knowsTokens() && UsernameToken.of(soap).isPresent();
            return isOpenToAll(soap)
                    || token
                    || misunderstands(soap)
                    || device.faults().has(FaultKind.NO_HTTP_DIGEST);
        } catch (IOException noSoap) {
            return true;
        }
    }

    private boolean knowsTokens() {
        FaultSet faults = device.faults();
        return !faults.has(FaultKind.NO_USERNAME_TOKEN) && !faults.has(FaultKind.NO_WS_SECURITY);
    }

    /** Looked at before any login (SOAP 1.2 part 1, 2.6). */
    private boolean misunderstands(SoapRequest request) {
        return device.faults().has(FaultKind.NO_WS_SECURITY) && UsernameToken.mustBeUnderstood(request);
    }

    private boolean isOpenToAll(SoapRequest request) {
        boolean identity = request.name().equals("GetDeviceInformation");
        return OPEN.contains(request.name()) || identity && device.faults().has(FaultKind.OPEN_IDENTITY);
    }

    @Override
    public HttpAnswer answer(HttpRequest request) throws IOException {
        String path = request.path();
        if (path.startsWith(OnvifMedia.SNAPSHOTS) && request.method().equals("GET")) {
            return media.picture(request);
        }
        if (!NAMESPACES.containsKey(path)
                && !path.startsWith(OnvifEvents.PULL_POINTS)
                && !path.startsWith(OnvifEvents.SUBSCRIPTIONS)) {
            return HttpAnswer.text(404, "Not Found\r\n");
        }
        if (!request.method().equals("POST")) {
            return HttpAnswer.text(405, "this is a web service: POST an envelope of SOAP 1.2\r\n");
        }
        SoapRequest soap;
        try {
            soap = SoapRequest.parse(request.body());
        } catch (IOException noSoap) {
            return Soap.fault(noSoap.getMessage(), "WellFormed");
        }
        if (misunderstands(soap)) {
            return Soap.notUnderstood();
        }
        boolean may = mayAsk(request, soap);
        beLate();
        HttpAnswer answer = may ? answer(request, soap) : Soap.notAuthorized();
        boolean bare = answer.status() == 400 && device.faults().has(FaultKind.BARE_400);
        HttpAnswer said = bare ? HttpAnswer.text(400, "Bad Request\r\n") : answer;
        HttpAnswer named = device.faults().has(FaultKind.OTHER_NAMESPACES) ? Soap.inOtherNamespaces(said) : said;
        return device.faults().has(FaultKind.ODD_XML) ? Soap.written(named) : named;
    }

    /** Holds an answer back for as long as the fault says, or until it is cleared. */
    private void beLate() throws InterruptedIOException {
        long since = System.nanoTime();
        try {
            for (long leftMs = lateMs(since); leftMs > 0; leftMs = lateMs(since)) {
                Thread.sleep(Math.min(leftMs, LOOK_MS));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the device stops");
        }
    }

    private long lateMs(long sinceNano) {
        FaultSet faults = device.faults();
        return faults.has(FaultKind.LATE_ANSWERS)
                ? faults.value(FaultKind.LATE_ANSWERS) - (System.nanoTime() - sinceNano) / 1_000_000L
                : 0;
    }

    /** A login by HTTP has been looked at already; what came this far without one is held to its token. */
    private boolean mayAsk(HttpRequest http, SoapRequest request) {
        boolean more = OPERATORS.contains(request.name()) || ADMINISTRATORS.contains(request.name());
        if (device.faults().has(FaultKind.FORBIDDEN) && more) {
            return false;
        }
        boolean open = isOpenToAll(request) || device.camera().settings().auth() == AuthScheme.NONE;
        boolean byHttp =
                http.header("authorization").isPresent() && !device.faults().has(FaultKind.NO_HTTP_DIGEST);
        return open
                || UsernameToken.of(request)
                        .filter(token -> knowsTokens())
                        .map(token -> UsernameToken.accountOf(token, device.accounts(), device.time())
                                .filter(account -> mayDo(account, request.name()))
                                .isPresent())
                        .orElse(byHttp);
    }

    private static boolean mayDo(DeviceAccounts.Account account, String operation) {
        return switch (account.level()) {
            case "Administrator" -> true;
            case "Operator" -> !ADMINISTRATORS.contains(operation);
            default -> !ADMINISTRATORS.contains(operation) && !OPERATORS.contains(operation);
        };
    }

    private HttpAnswer answer(HttpRequest http, SoapRequest request) throws IOException {
        if (http.path().startsWith(OnvifEvents.PULL_POINTS)) {
            return events.pullPoint(http, request);
        }
        if (http.path().startsWith(OnvifEvents.SUBSCRIPTIONS)) {
            return events.subscription(http, request);
        }
        String namespace = NAMESPACES.get(http.path());
        boolean relays = namespace.equals(Soap.DEVICE_IO) && Soap.DEVICE.equals(request.namespace());
        boolean notification = namespace.equals(Soap.EVENTS) && Soap.NOTIFICATION.equals(request.namespace());
        if (!notification && !relays && !namespace.equals(request.namespace())) {
            return Soap.missing("This is not the service of " + request.namespace() + ".");
        }
        return switch (namespace) {
            case Soap.DEVICE -> service.answer(http, request);
            case Soap.MEDIA -> media.media(http, request);
            case Soap.MEDIA2 -> media.media2(http, request);
            case Soap.PTZ -> device.faults().has(FaultKind.PTZ_SILENT) ? HttpAnswer.NONE : ptz.answer(request);
            case Soap.IMAGING -> imaging.answer(request);
            case Soap.RECORDING -> records.recording(request);
            case Soap.SEARCH -> records.search(request);
            case Soap.REPLAY -> records.replay(request);
            case Soap.ANALYTICS -> new OnvifAnalytics().answer(request);
            case Soap.DEVICE_IO -> new OnvifDeviceIo(device).answer(request);
            default -> events.service(http, request);
        };
    }

    @Override
    public Optional<Link> link(HttpRequest request) {
        return Optional.empty();
    }

    @Override
    public void close() {
        events.close();
    }

    /** Its streams are named by the addresses that {@code GetStreamUri} tells, which are the camera's own. */
    @Override
    public StreamNames streamNames() {
        return StreamNames.NONE;
    }
}
