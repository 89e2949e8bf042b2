// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.EdgeStore;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.http.HttpAnswer;
import org.nxvms.simulator.rtsp.AudioCodec;
import org.nxvms.simulator.rtsp.RecordedFootage;

/**
 * What the device records itself: the Recording, Search and Replay services (profile G). Each stretch of its
 * {@link EdgeStore} is a recording with pictures, and with sound where the camera has any; it is played by RTSP.
 */
final class OnvifRecords {
    private static final String PICTURES = "VIDEO001";
    private static final String SOUND = "AUDIO001";
    /** What names of recordings of the second lens begin with. */
    private static final String SECOND_LENS = "lens_2_";

    /** Searches that nobody has read to their end; the oldest is forgotten. */
    private static final int SEARCHES_MAX = 10;

    private static final int RESULTS_MAX = 100;

    private final Device device;
    private final Map<String, Deque<EdgeStore.Recording>> searches = new LinkedHashMap<>();
    private int searchNumber;

    OnvifRecords(Device device) {
        this.device = device;
        device.camera().alsoPlays(token -> find(token).map(one -> new RecordedFootage.Span(one.from(), one.to())));
    }

    private static HttpAnswer missing(SoapRequest request, String service) {
        return Soap.missing("There is no operation " + request.name() + " in the " + service + " service.");
    }

    private static HttpAnswer noRecording() {
        return Soap.fault("There is no such recording.", "InvalidArgVal", "NoRecording");
    }

    private List<EdgeStore.Recording> all() {
        List<EdgeStore.Recording> first = device.edge().list(Instant.MIN, Instant.MAX);
        if (!device.faults().has(FaultKind.SECOND_LENS)) {
            return first;
        }
        // In front: who takes the first one of a time takes the wrong one.
        return first.stream()
                .flatMap(one -> Stream.of(new EdgeStore.Recording(SECOND_LENS + one.id(), one.from(), one.to()), one))
                .toList();
    }

    private Optional<EdgeStore.Recording> find(String token) {
        return all().stream().filter(one -> one.id().equals(token)).findFirst();
    }

    private static boolean isOfSecondLens(EdgeStore.Recording one) {
        return one.id().startsWith(SECOND_LENS);
    }

    /** {@return what a search is about}: all, or what is of the profiles that its scope names */
    private List<EdgeStore.Recording> wanted(SoapRequest request) {
        List<String> profiles = request.find("Scope").stream()
                .flatMap(scope -> SoapRequest.children(scope).stream())
                .filter(child -> "IncludedSources".equals(child.getLocalName()))
                .flatMap(child -> SoapRequest.child(child, "Token").stream())
                .map(token -> token.getTextContent().strip())
                .toList();
        boolean heeded = !profiles.isEmpty() && telling() > 0;
        return all().stream()
                .filter(one -> !heeded || profiles.contains(isOfSecondLens(one) ? OnvifMedia.SECOND_LENS : "main"))
                .toList();
    }

    private long telling() {
        return device.faults().value(FaultKind.SECOND_LENS);
    }

    HttpAnswer recording(SoapRequest request) {
        if (!request.name().equals("GetRecordings")) {
            return missing(request, "recording");
        }
        StringBuilder xml = new StringBuilder("<trc:GetRecordingsResponse>");
        for (EdgeStore.Recording one : all()) {
            xml.append("<trc:RecordingItem><tt:RecordingToken>")
                    .append(one.id())
                    .append("</tt:RecordingToken><tt:Configuration>")
                    .append(source(one))
                    .append(
                            "<tt:Content>Continuous</tt:Content><tt:MaximumRetentionTime>PT0S</tt:MaximumRetentionTime>")
                    .append("</tt:Configuration><tt:Tracks>");
            tracks().forEach((token, type) -> xml.append("<tt:Track><tt:TrackToken>")
                    .append(token)
                    .append("</tt:TrackToken><tt:Configuration><tt:TrackType>")
                    .append(type)
                    .append("</tt:TrackType><tt:Description>")
                    .append(type)
                    .append("</tt:Description></tt:Configuration></tt:Track>"));
            xml.append("</tt:Tracks></trc:RecordingItem>");
        }
        return Soap.answer(xml.append("</trc:GetRecordingsResponse>").toString());
    }

    HttpAnswer replay(SoapRequest request) {
        return switch (request.name()) {
            case "GetReplayUri" -> {
                boolean known = request.text("StreamSetup", "Stream").equals("RTP-Unicast")
                        && request.text("StreamSetup", "Transport", "Protocol").equals("RTSP");
                if (!known) {
                    yield Soap.fault("There is no such transport.", "InvalidArgVal", "InvalidStreamSetup");
                }
                yield find(request.text("RecordingToken"))
                        .map(one -> Soap.answer("<trp:GetReplayUriResponse><trp:Uri>"
                                + Soap.escaped(device.camera().replayUri(one.id()))
                                + "</trp:Uri></trp:GetReplayUriResponse>"))
                        .orElseGet(OnvifRecords::noRecording);
            }
            case "GetReplayConfiguration" ->
                Soap.answer("<trp:GetReplayConfigurationResponse><trp:Configuration><tt:SessionTimeout>PT"
                        + device.camera().settings().sessionTimeoutSeconds()
                        + "S</tt:SessionTimeout></trp:Configuration></trp:GetReplayConfigurationResponse>");
            default -> missing(request, "replay");
        };
    }

    synchronized HttpAnswer search(SoapRequest request) {
        return switch (request.name()) {
            case "GetRecordingSummary" -> summary();
            case "GetRecordingInformation" ->
                find(request.text("RecordingToken"))
                        .map(one -> Soap.answer("<tse:GetRecordingInformationResponse>"
                                + information("tse:RecordingInformation", one)
                                + "</tse:GetRecordingInformationResponse>"))
                        .orElseGet(OnvifRecords::noRecording);
            case "FindRecordings" -> {
                int most = number(request.text("MaxMatches"), Integer.MAX_VALUE);
                String token = "search_" + ++searchNumber;
                searches.put(
                        token,
                        new ArrayDeque<>(wanted(request).stream().limit(most).toList()));
                if (searches.size() > SEARCHES_MAX) {
                    searches.remove(searches.keySet().iterator().next());
                }
                yield Soap.answer("<tse:FindRecordingsResponse><tse:SearchToken>" + token
                        + "</tse:SearchToken></tse:FindRecordingsResponse>");
            }
            case "GetRecordingSearchResults" -> results(request);
            case "EndSearch" ->
                searches.remove(request.text("SearchToken")) == null
                        ? noSearch()
                        : Soap.answer("<tse:EndSearchResponse><tse:Endpoint>" + time(device.time())
                                + "</tse:Endpoint></tse:EndSearchResponse>");
            default -> missing(request, "search");
        };
    }

    private static HttpAnswer noSearch() {
        return Soap.fault("There is no such search.", "InvalidArgVal", "InvalidToken");
    }

    private HttpAnswer summary() {
        List<EdgeStore.Recording> all = all();
        Instant now = device.time();
        Instant from = all.isEmpty() ? now : all.get(0).from();
        Instant until = all.stream()
                .map(one -> one.to().orElse(now))
                .max(Instant::compareTo)
                .orElse(now);
        return Soap.answer(
                """
                <tse:GetRecordingSummaryResponse><tse:Summary><tt:DataFrom>%s</tt:DataFrom><tt:DataUntil>%s</tt:DataUntil>\
                <tt:NumberRecordings>%d</tt:NumberRecordings></tse:Summary></tse:GetRecordingSummaryResponse>"""
                        .formatted(time(from), time(until), all.size()));
    }

    /** A part of what was found; the last one says that it is. */
    private HttpAnswer results(SoapRequest request) {
        Deque<EdgeStore.Recording> left = searches.get(request.text("SearchToken"));
        if (left == null) {
            return noSearch();
        }
        int most = Math.min(RESULTS_MAX, number(request.text("MaxResults"), RESULTS_MAX));
        StringBuilder xml = new StringBuilder();
        for (int i = 0; i < most && !left.isEmpty(); i++) {
            xml.append(information("tt:RecordingInformation", left.poll()));
        }
        return Soap.answer("<tse:GetRecordingSearchResultsResponse><tse:ResultList><tt:SearchState>"
                + (left.isEmpty() ? "Completed" : "Searching") + "</tt:SearchState>" + xml
                + "</tse:ResultList></tse:GetRecordingSearchResultsResponse>");
    }

    private String information(String element, EdgeStore.Recording one) {
        String from = time(one.from());
        String to = time(one.to().orElseGet(device::time));
        StringBuilder told = new StringBuilder();
        tracks().forEach((token, type) -> told.append(
                "<tt:Track><tt:TrackToken>%1$s</tt:TrackToken><tt:TrackType>%2$s</tt:TrackType>".formatted(token, type)
                        + "<tt:Description>%1$s</tt:Description><tt:DataFrom>%2$s</tt:DataFrom><tt:DataTo>%3$s</tt:DataTo></tt:Track>"
                                .formatted(type, from, to)));
        return """
                <%1$s><tt:RecordingToken>%2$s</tt:RecordingToken>%3$s<tt:EarliestRecording>%4$s</tt:EarliestRecording>\
                <tt:LatestRecording>%5$s</tt:LatestRecording><tt:Content>Continuous</tt:Content>%6$s<tt:RecordingStatus>%7$s\
                </tt:RecordingStatus></%1$s>"""
                .formatted(
                        element,
                        one.id(),
                        source(one),
                        from,
                        to,
                        told,
                        Optional.of("Stopped")
                                .filter(over -> one.to().isPresent())
                                .orElse("Recording"));
    }

    private Map<String, String> tracks() {
        Map<String, String> tracks = new LinkedHashMap<>(Map.of(PICTURES, "Video"));
        if (device.camera().settings().audio() != AudioCodec.NONE) {
            tracks.put(SOUND, "Audio");
        }
        return tracks;
    }

    private String source(EdgeStore.Recording one) {
        return "<tt:Source><tt:SourceId>urn:nxvms:" + device.serialNumber()
                + "</tt:SourceId><tt:Name>Camera</tt:Name><tt:Location/><tt:Description/><tt:Address/>"
                + (telling() == 2
                        ? "<tt:VideoSourceToken>"
                                + (isOfSecondLens(one) ? OnvifMedia.SECOND_SOURCE : OnvifMedia.VIDEO_SOURCE)
                                + "</tt:VideoSourceToken>"
                        : "")
                + "</tt:Source>";
    }

    private static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static int number(String text, int otherwise) {
        return text.matches("\\d{1,6}") ? Integer.parseInt(text) : otherwise;
    }
}
