// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.io.IOException;
import java.util.Optional;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.http.HttpAnswer;
import org.nxvms.simulator.http.HttpRequest;
import org.nxvms.simulator.rtsp.Camera;

/** Media and Media2: two profiles, {@code main} and {@code sub}, of one video source; their encoders, metadata, masks and pictures. */
final class OnvifMedia {
    static final String SNAPSHOTS = "/onvif/snapshot/";
    static final String VIDEO_SOURCE = "video_source_1";
    /** Profile and source of the lens that it has by a fault. */
    static final String SECOND_LENS = "lens_2";

    static final String SECOND_SOURCE = "video_source_2";
    static final String SOURCE_CONFIGURATION = "source_configuration_1";
    static final String PTZ_CONFIGURATION = "ptz_1";

    private final Device device;
    private final OnvifEncoders encoders;
    private final OnvifMetadata metadata;
    private final OnvifMasks masks;

    OnvifMedia(Device device) {
        this.device = device;
        this.encoders = new OnvifEncoders(device);
        this.metadata = new OnvifMetadata(device);
        this.masks = new OnvifMasks(device);
    }

    /** {@return the stream of a profile} */
    static Optional<Camera.Role> role(String profile) {
        return switch (profile) {
            case "main", SECOND_LENS -> Optional.of(Camera.Role.MAIN);
            case "sub" -> Optional.of(Camera.Role.SUB);
            default -> Optional.empty();
        };
    }

    static HttpAnswer noProfile() {
        return Soap.fault("There is no such profile.", "InvalidArgVal", "NoProfile");
    }

    HttpAnswer media(HttpRequest http, SoapRequest request) {
        if (OnvifEncoders.isAbout(request)) {
            return encoders.answer(request, false);
        }
        if (OnvifMetadata.isAbout(request)) {
            return metadata.answer(request, false);
        }
        return switch (request.name()) {
            case "GetProfiles" ->
                Soap.answer("<trt:GetProfilesResponse>" + profile("trt:Profiles", "main", false)
                        + profile("trt:Profiles", "sub", false) + secondLens("trt:Profiles", false)
                        + "</trt:GetProfilesResponse>");
            case "GetProfile" ->
                role(request.text("ProfileToken"))
                        .map(role -> Soap.answer("<trt:GetProfileResponse>"
                                + profile("trt:Profile", request.text("ProfileToken"), false)
                                + "</trt:GetProfileResponse>"))
                        .orElseGet(OnvifMedia::noProfile);
            case "GetVideoAnalyticsConfigurations" ->
                Soap.answer("<trt:GetVideoAnalyticsConfigurationsResponse>"
                        + OnvifAnalytics.configuration("trt:Configurations")
                        + "</trt:GetVideoAnalyticsConfigurationsResponse>");
            case "GetVideoSources" ->
                Soap.answer(
                        """
                        <trt:GetVideoSourcesResponse><trt:VideoSources token="%s"><tt:Framerate>%d</tt:Framerate>\
                        <tt:Resolution>%s</tt:Resolution></trt:VideoSources></trt:GetVideoSourcesResponse>"""
                                .formatted(VIDEO_SOURCE, spec().fps(), size(spec().main())));
            case "GetStreamUri" -> {
                String wanted = request.text("StreamSetup", "Stream") + " "
                        + request.text("StreamSetup", "Transport", "Protocol");
                if (!wanted.matches("RTP-Unicast (UDP|RTSP|HTTP)|RTP-Multicast UDP") || isRefused(wanted)) {
                    yield Soap.fault("There is no such transport.", "InvalidArgVal", "InvalidStreamSetup");
                }
                yield role(request.text("ProfileToken"))
                        .map(role -> mediaUri("GetStreamUri", device.camera().uri(role)))
                        .orElseGet(OnvifMedia::noProfile);
            }
            case "GetAudioDecoderConfigurationOptions" ->
                Soap.answer(
                        """
                        <trt:GetAudioDecoderConfigurationOptionsResponse><trt:Options><tt:G711DecOptions><tt:Bitrate>\
                        <tt:Items>64</tt:Items></tt:Bitrate><tt:SampleRateRange><tt:Items>8</tt:Items></tt:SampleRateRange>\
                        </tt:G711DecOptions></trt:Options></trt:GetAudioDecoderConfigurationOptionsResponse>""");
            case "GetSnapshotUri" ->
                role(request.text("ProfileToken"))
                        .map(role -> mediaUri("GetSnapshotUri", snapshot(http, request)))
                        .orElseGet(OnvifMedia::noProfile);
            default -> Soap.missing("There is no operation " + request.name() + " in the media service.");
        };
    }

    private static String snapshot(HttpRequest http, SoapRequest request) {
        return OnvifDevice.base(http) + SNAPSHOTS + request.text("ProfileToken") + ".jpg";
    }

    private static HttpAnswer mediaUri(String operation, String uri) {
        return Soap.answer(
                """
                <trt:%1$sResponse><trt:MediaUri><tt:Uri>%2$s</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect>\
                <tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri>\
                </trt:%1$sResponse>"""
                        .formatted(operation, Soap.escaped(uri)));
    }

    HttpAnswer media2(HttpRequest http, SoapRequest request) {
        if (OnvifEncoders.isAbout(request)) {
            return encoders.answer(request, true);
        }
        if (OnvifMetadata.isAbout(request)) {
            return metadata.answer(request, true);
        }
        if (masks.isAbout(request)) {
            return masks.answer(request);
        }
        return switch (request.name()) {
            case "GetProfiles" -> {
                String wanted = request.text("Token");
                if (!wanted.isEmpty() && role(wanted).isEmpty()) {
                    yield noProfile();
                }
                String all = wanted.isEmpty()
                        ? profile("tr2:Profiles", "main", true)
                                + profile("tr2:Profiles", "sub", true)
                                + secondLens("tr2:Profiles", true)
                        : profile("tr2:Profiles", wanted, true);
                yield Soap.answer("<tr2:GetProfilesResponse>" + all + "</tr2:GetProfilesResponse>");
            }
            case "GetAnalyticsConfigurations" ->
                Soap.answer("<tr2:GetAnalyticsConfigurationsResponse>"
                        + OnvifAnalytics.configuration("tr2:Configurations")
                        + "</tr2:GetAnalyticsConfigurationsResponse>");
            case "GetStreamUri" ->
                !request.text("Protocol").matches("RtspUnicast|RtspMulticast|RTSP|RtspOverHttp")
                                || isRefused(request.text("Protocol"))
                        ? Soap.fault("There is no such protocol.", "InvalidArgVal", "InvalidStreamSetup")
                        : role(request.text("ProfileToken"))
                                .map(role ->
                                        uri2("GetStreamUri", device.camera().uri(role)))
                                .orElseGet(OnvifMedia::noProfile);
            case "GetAudioDecoderConfigurationOptions" ->
                Soap.answer("<tr2:GetAudioDecoderConfigurationOptionsResponse>" + decoder("PCMU") + decoder("PCMA")
                        + "</tr2:GetAudioDecoderConfigurationOptionsResponse>");
            case "GetSnapshotUri" ->
                role(request.text("ProfileToken"))
                        .map(role -> uri2("GetSnapshotUri", snapshot(http, request)))
                        .orElseGet(OnvifMedia::noProfile);
            default -> Soap.missing("There is no operation " + request.name() + " in the media service.");
        };
    }

    private boolean isRefused(String way) {
        return way.contains("Multicast") && device.faults().has(FaultKind.NO_MULTICAST);
    }

    private static String decoder(String encoding) {
        return "<tr2:Options><tt:Encoding>" + encoding
                + "</tt:Encoding><tt:BitrateList><tt:Items>64</tt:Items></tt:BitrateList><tt:SampleRateList><tt:Items>8"
                + "</tt:Items></tt:SampleRateList></tr2:Options>";
    }

    private static HttpAnswer uri2(String operation, String uri) {
        return Soap.answer(
                "<tr2:%1$sResponse><tr2:Uri>%2$s</tr2:Uri></tr2:%1$sResponse>".formatted(operation, Soap.escaped(uri)));
    }

    /** The picture that {@code GetSnapshotUri} names; 404 for others. */
    HttpAnswer picture(HttpRequest http) throws IOException {
        Optional<Camera.Role> role =
                role(http.path().substring(SNAPSHOTS.length()).replaceFirst("\\.jpg$", ""));
        return role.isPresent()
                ? HttpAnswer.of(200, "image/jpeg", device.still(role.get()))
                : HttpAnswer.text(404, "Not Found\r\n");
    }

    private ClipSpec spec() {
        return device.clip().spec();
    }

    private static String size(ClipSpec.Rendition rendition) {
        return "<tt:Width>" + rendition.width() + "</tt:Width><tt:Height>" + rendition.height() + "</tt:Height>";
    }

    /** {@return its profile, if there is one}; its picture is smaller than main's. */
    private String secondLens(String element, boolean media2) {
        if (!device.faults().has(FaultKind.SECOND_LENS)) {
            return "";
        }
        String form = media2
                ? "<%1$s token=\"%2$s\"><tr2:Name>%2$s</tr2:Name><tr2:Configurations><tr2:VideoSource token=\"sc_2\">"
                        + "<tt:SourceToken>%3$s</tt:SourceToken></tr2:VideoSource><tr2:VideoEncoder token=\"e_2\">"
                        + "<tt:Encoding>H264</tt:Encoding><tt:Resolution>%4$s</tt:Resolution></tr2:VideoEncoder>"
                        + "</tr2:Configurations></%1$s>"
                : "<%1$s token=\"%2$s\"><tt:Name>%2$s</tt:Name><tt:VideoSourceConfiguration token=\"sc_2\">"
                        + "<tt:SourceToken>%3$s</tt:SourceToken></tt:VideoSourceConfiguration>"
                        + "<tt:VideoEncoderConfiguration token=\"e_2\"><tt:Encoding>H264</tt:Encoding>"
                        + "<tt:Resolution>%4$s</tt:Resolution></tt:VideoEncoderConfiguration></%1$s>";
        return form.formatted(element, SECOND_LENS, SECOND_SOURCE, size(spec().sub()));
    }

    private String profile(String element, String token, boolean media2) {
        String source =
                """
                <%1$s token="%5$s"><tt:Name>Source</tt:Name><tt:UseCount>2</tt:UseCount>\
                <tt:SourceToken>%2$s</tt:SourceToken><tt:Bounds x="0" y="0" width="%3$d" height="%4$d"/></%1$s>"""
                        .formatted(
                                media2 ? "tr2:VideoSource" : "tt:VideoSourceConfiguration",
                                VIDEO_SOURCE,
                                spec().main().width(),
                                spec().main().height(),
                                SOURCE_CONFIGURATION);
        String encoder =
                encoders.configuration(media2 ? "tr2:VideoEncoder" : "tt:VideoEncoderConfiguration", token, media2);
        String analytics = OnvifAnalytics.configuration(media2 ? "tr2:Analytics" : "tt:VideoAnalyticsConfiguration");
        String ptz =
                """
                <%1$s token="%2$s"><tt:Name>PTZ</tt:Name><tt:UseCount>2</tt:UseCount><tt:NodeToken>%3$s</tt:NodeToken>\
                <tt:DefaultPTZTimeout>PT5S</tt:DefaultPTZTimeout></%1$s>"""
                        .formatted(media2 ? "tr2:PTZ" : "tt:PTZConfiguration", PTZ_CONFIGURATION, OnvifPtz.NODE);
        String parts = source
                + encoder
                + analytics
                + ptz
                + metadata.configuration(media2 ? "tr2:Metadata" : "tt:MetadataConfiguration", token);
        return "<" + element + " token=\"" + token + "\" fixed=\"true\"><" + (media2 ? "tr2" : "tt") + ":Name>" + token
                + "</" + (media2 ? "tr2" : "tt") + ":Name>"
                + (media2 ? "<tr2:Configurations>" + parts + "</tr2:Configurations>" : parts) + "</" + element + ">";
    }
}
