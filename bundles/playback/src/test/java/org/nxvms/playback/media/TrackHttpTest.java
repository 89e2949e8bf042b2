// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.test.kit.Awaiting.until;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.Codec;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.playback.FakeArchive;
import org.nxvms.playback.FakeGuard;
import org.nxvms.playback.thumbnail.Recorded;
import org.nxvms.test.kit.NotedTrail;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** A DASH player watches footage with sound: each track comes by itself, at its times, for who may have it. */
class TrackHttpTest {
    private static final long START_US = 1_700_000_000_000_000L;
    private static final String RANGE = "from=1700000000000&to=1700000200000";
    private static final String MANIFEST = "/archive/" + FakeArchive.CAMERA + "/manifest.mpd?" + RANGE;
    private static final int MOOF = 0x6d6f6f66;
    /** Of a fragment without content: behind moof, mfhd, traf, tfhd and the head of tfdt. */
    private static final int TFDT_TIME_AT = 8 + 16 + 8 + 16 + 12;

    private static final TrackFormat OPUS = TrackFormats.opus(1);

    private final FakeArchive archive = new FakeArchive();
    private final FakeGuard guard = new FakeGuard();
    private final NotedTrail trail = new NotedTrail();
    private MediaServer server;

    @BeforeEach
    void start() throws Exception {
        server = new MediaServer(
                guard,
                Map.of(
                        "/archive/*", new ArchiveServlet(archive, guard, null, null, null),
                        "/init/*", new InitServlet(archive, guard),
                        "/tracks/*", new TrackServlet(archive, guard, trail, new Transfers.Limits(8, 4, 60_000))));
    }

    @AfterEach
    void stop() throws Exception {
        // Whoever has all bytes has them a moment before their file is closed.
        until("no file is left open", () -> archive.filesOpen.get() == 0);
        server.close();
    }

    private Element manifest() throws Exception {
        HttpResponse<byte[]> answer = server.get(MANIFEST);
        String text = new String(answer.body(), StandardCharsets.US_ASCII);
        assertThat(answer.statusCode()).as(text).isEqualTo(200);
        return VodManifestProperties.parsed(text).getDocumentElement();
    }

    private static List<Element> elements(Element of, String name) {
        NodeList nodes = of.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    private static List<String> kinds(Element manifest) {
        return elements(manifest, "AdaptationSet").stream()
                .map(set -> set.getAttribute("contentType"))
                .toList();
    }

    /** As seen from the manifest. */
    private static String resolved(String uri) {
        return URI.create("/archive/" + FakeArchive.CAMERA + "/manifest.mpd")
                .resolve(uri)
                .toString();
    }

    private static String path(Segment segment, String track, List<FragmentEntry> fragments) {
        FragmentEntry last = fragments.get(fragments.size() - 1);
        long offset = fragments.get(0).offset();
        return "/tracks/" + segment.id() + "/" + track + "/" + offset + "-" + (last.offset() + last.length() - offset)
                + ".m4s";
    }

    /** What is in an answer: each fragment's only track, and the texts in it. */
    private record Found(List<SampleTable> tables, List<String> units) {}

    private static Found found(HttpResponse<byte[]> answer) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(200);
        List<SampleTable> tables = new ArrayList<>();
        List<String> units = new ArrayList<>();
        ByteBuffer all = ByteBuffer.wrap(answer.body());
        for (int at = 0; at < all.limit(); at += all.getInt(at)) {
            if (all.getInt(at + 4) == MOOF) {
                FragmentHeader header = FragmentHeader.parse(all.slice(at, all.getInt(at)));
                assertThat(header.tracks()).hasSize(1);
                SampleTable table = header.tracks().get(0);
                tables.add(table);
                for (int i = 0; i < table.count(); i++) {
                    byte[] unit = new byte[table.size()[i]];
                    all.get(at + (int) table.offset()[i], unit);
                    units.add(new String(unit, StandardCharsets.US_ASCII));
                }
                int mdat = at + all.getInt(at);
                assertThat(header.dataEnd()).isIn(0L, (long) mdat + all.getInt(mdat) - at);
            }
        }
        return new Found(tables, units);
    }

    @Test
    void aPlayerGetsPicturesAndSoundEachByItself() throws Exception {
        Segment segment = Recorded.withSound(archive, START_US, 6, OPUS, -1, false);
        Element manifest = manifest();
        assertThat(kinds(manifest)).containsExactly("video", "audio");
        List<List<String>> units = new ArrayList<>();
        List<List<SampleTable>> tables = new ArrayList<>();
        for (Element set : elements(manifest, "AdaptationSet")) {
            List<Element> urls = elements(set, "SegmentURL");
            assertThat(urls).as("cut where a key frame is").hasSize(2);
            List<String> ofSet = new ArrayList<>();
            List<SampleTable> tablesOfSet = new ArrayList<>();
            for (Element url : urls) {
                HttpResponse<byte[]> answer = server.get(resolved(url.getAttribute("media")));
                assertThat(answer.headers().firstValue("Content-Type"))
                        .contains(set.getAttribute("contentType") + "/mp4");
                assertThat(answer.headers().firstValue("Cache-Control").orElse(""))
                        .contains("immutable");
                Found found = found(answer);
                ofSet.addAll(found.units());
                tablesOfSet.addAll(found.tables());
            }
            units.add(ofSet);
            tables.add(tablesOfSet);
            Element init = elements(set, "Initialization").get(0);
            InitReader.Init read = InitReader.read(ByteBuffer.wrap(
                    server.get(resolved(init.getAttribute("sourceURL"))).body()));
            assertThat(read.format().tracks()).hasSize(1);
            assertThat(read.format().codecs())
                    .isEqualTo(elements(set, "Representation").get(0).getAttribute("codecs"));
        }
        assertThat(units.get(0))
                .startsWith("key 0", "after 0", "between 1", "after 1", "key 2")
                .hasSize(12);
        assertThat(units.get(1))
                .startsWith("sound 0.0", "sound 0.1")
                .endsWith("sound 5.3")
                .hasSize(24);
        assertThat(tables.get(0)).hasSize(6).allMatch(table -> table.trackId() == 1);
        assertThat(tables.get(1)).hasSize(6).allMatch(table -> table.trackId() == 2);
        assertThat(tables.get(0).get(2).key()).containsExactly(true, false);
        assertThat(tables.get(1).get(2).presentationTime()[0])
                .isEqualTo(2 * 48_000 + Recorded.SOUND_LATER_US * 48 / 1_000);
        assertThat(elements(manifest, "S").stream().map(s -> s.getAttribute("t")))
                .as("each from its own first moment on")
                .containsExactly("0", "", String.valueOf(Recorded.SOUND_LATER_US), "");
        assertThat(elements(manifest, "SegmentList"))
                .allMatch(list -> list.getAttribute("presentationTimeOffset").equals("0"));
        Element sound = elements(manifest, "Representation").get(1);
        assertThat(sound.getAttribute("audioSamplingRate")).isEqualTo("48000");
        assertThat(elements(sound, "AudioChannelConfiguration").get(0).getAttribute("value"))
                .isEqualTo("1");
        assertThat(trail.often).isNotEmpty().allSatisfy(note -> assertThat(note.toString())
                .contains("tracks"));
        HttpResponse<byte[]> first =
                server.get(path(segment, "v", archive.index(segment.id()).subList(0, 1)));
        assertThat(ByteBuffer.wrap(first.body()).getInt(4))
                .as("when it was taken")
                .isEqualTo(0x70726674);
    }

    @Test
    void picturesAreForWhoMaySeeThemAndSoundForWhoMayListenToo() throws Exception {
        Segment segment = Recorded.withSound(archive, START_US, 4, OPUS, -1, false);
        List<FragmentEntry> all = archive.index(segment.id());
        String pictures = path(segment, "v", all);
        String sound = path(segment, "a", all);
        String etag = server.get(sound).headers().firstValue("ETag").orElseThrow();
        assertThat(etag)
                .isNotEqualTo(server.get(pictures).headers().firstValue("ETag").orElseThrow());
        assertThat(server.get(sound, "If-None-Match", etag).statusCode()).isEqualTo(304);
        assertThat(server.send("HEAD", sound).headers().firstValueAsLong("Content-Length"))
                .hasValue(server.get(sound).body().length);
        guard.missing.add(Permission.LISTEN);
        assertThat(server.get(pictures).statusCode()).isEqualTo(200);
        assertProblem(server.get(sound), 403, "LISTEN");
        assertThat(kinds(manifest())).containsExactly("video");
        guard.missing.add(Permission.VIEW_ARCHIVE);
        assertProblem(server.get(pictures), 403, "VIEW_ARCHIVE");
        guard.hidden.add(FakeArchive.CAMERA);
        assertProblem(server.get(pictures), 404, "no such segment");
    }

    /** G.711: players refuse all of a presentation that names it. */
    @Test
    void soundThatPlayersDoNotKnowIsNotNamed() throws Exception {
        Segment segment =
                Recorded.withSound(archive, START_US, 4, TrackFormats.g711(Codec.PCM_MULAW, 8_000, 1), -1, false);
        Element manifest = manifest();
        assertThat(kinds(manifest)).containsExactly("video");
        assertThat(elements(manifest, "Representation").get(0).getAttribute("codecs"))
                .isEqualTo("mp4v.6C");
        assertThat(found(server.get(path(segment, "v", archive.index(segment.id()))))
                        .units())
                .hasSize(8)
                .noneMatch(unit -> unit.startsWith("sound"));
    }

    @Test
    void whereSoundPausesThereIsAnEmptyFragmentAtItsTime() throws Exception {
        Segment segment = Recorded.withSound(archive, START_US, 4, OPUS, 2, false);
        List<FragmentEntry> index = archive.index(segment.id());
        HttpResponse<byte[]> answer = server.get(path(segment, "a", index.subList(2, 3)));
        SampleTable silence = found(answer).tables().get(0);
        assertThat(silence.count()).isZero();
        assertThat(silence.trackId()).isEqualTo(2);
        assertThat(ByteBuffer.wrap(answer.body()).getLong(TFDT_TIME_AT)).isEqualTo(2 * 48_000);
        assertThat(found(server.get(path(segment, "a", index))).units())
                .as("of which nothing is seen where there is some beside it")
                .hasSize(12);
    }

    @Test
    void wherePlayersHearNothingFromTheBeginningOnlyPicturesAreNamed() throws Exception {
        Recorded.withSound(archive, START_US, 4, OPUS, 0, false);
        assertThat(kinds(manifest())).containsExactly("video");
    }

    @Test
    void whatIsNotThereIsSaidNotToBe() throws Exception {
        Segment silent = Recorded.seconds(archive, START_US, 4, false);
        List<FragmentEntry> index = archive.index(silent.id());
        assertProblem(server.get(path(silent, "a", index)), 404, "manifest.mpd");
        assertThat(server.get(path(silent, "v", index)).statusCode()).isEqualTo(200);
        FragmentEntry first = index.get(0);
        for (String wrong : List.of(
                first.offset() + "-" + (first.length() - 1),
                first.offset() + "-" + (first.length() + 1),
                (first.offset() + 1) + "-" + first.length(),
                first.offset() + "-0",
                "999999-10")) {
            assertProblem(server.get("/tracks/" + silent.id() + "/v/" + wrong + ".m4s"), 404, "manifest.mpd");
        }
        assertProblem(server.get("/tracks/" + silent.id() + "/x/0-1.m4s"), 404, "manifest.mpd");
        assertProblem(server.get("/tracks/" + UUID.randomUUID() + "/v/0-1.m4s"), 404, "no such segment");
        assertProblem(server.get("/init/" + Recorded.INIT + "-a.mp4"), 404, "initialisation");
        assertThat(server.get("/init/" + Recorded.INIT + "-v.mp4").statusCode()).isEqualTo(200);
    }

    @Test
    void whatCannotBeGivenOutIsSaidBeforeAByteIsPromised() throws Exception {
        Segment segment = Recorded.withSound(archive, START_US, 4, OPUS, -1, false);
        String path = path(segment, "v", archive.index(segment.id()));
        archive.locked.add(segment.id());
        assertProblem(server.get(path), 409, "aa.key");
        archive.locked.clear();
        archive.altered.put(segment.id(), archive.index(segment.id()).get(3).offset());
        assertProblem(server.get(path), 500, "footage-damaged");
        archive.altered.clear();
        archive.busy = true;
        assertProblem(server.get(path), 503, "no room");
    }

    /** The archive takes it from any file with the same, which may be away. */
    @Test
    void theFormatIsThatOfTheFootageItselfWhateverBecameOfOthers() throws Exception {
        Segment segment = Recorded.withSound(archive, START_US, 4, OPUS, -1, false);
        List<FragmentEntry> index = archive.index(segment.id());
        archive.addInit(Recorded.INIT, new byte[8]);
        assertThat(kinds(manifest())).containsExactly("video", "audio");
        assertThat(found(server.get(path(segment, "v", index))).units()).hasSize(8);
        assertThat(found(server.get(path(segment, "a", index))).units()).hasSize(16);
    }

    @Test
    void whereItsHeadIsDamagedTheFormatIsThatOfOthersWithTheSame() throws Exception {
        Segment segment = Recorded.withSound(archive, START_US, 4, OPUS, -1, false);
        List<FragmentEntry> index = archive.index(segment.id());
        archive.damage(segment.id(), segment.initBytes());
        assertThat(kinds(manifest())).containsExactly("video", "audio");
        assertThat(found(server.get(path(segment, "a", index))).units()).hasSize(16);
        archive.addInit(Recorded.INIT, new byte[8]);
        assertProblem(server.get(path(segment, "a", index)), 500, "footage-damaged");
        assertProblem(server.get(MANIFEST), 500, "footage-damaged");
    }

    @Test
    void whatCannotBeReadIsAHoleInTheManifest() throws Exception {
        Segment bad = Recorded.seconds(archive, START_US, 4, false);
        Segment good = Recorded.seconds(archive, START_US + 10_000_000, 4, false);
        archive.damage(bad.id(), 200);
        List<Element> urls = elements(manifest(), "SegmentURL");
        assertThat(urls)
                .extracting(url -> url.getAttribute("media"))
                .isNotEmpty()
                .allMatch(media -> media.contains(good.id().toString()));
        archive.remove(good.id());
        assertProblem(server.get(MANIFEST), 500, "footage-damaged");
    }

    /** All of it would be read before the first byte is sent, for HEAD too. */
    @Test
    void nobodyIsSentMoreThanOnePartAtOnce() throws Exception {
        Segment segment = Recorded.withSound(archive, START_US, 8, OPUS, -1, false);
        List<FragmentEntry> index = archive.index(segment.id());
        assertThat(server.get(path(segment, "v", index.subList(0, 4))).statusCode())
                .isEqualTo(200);
        assertThat(server.get(path(segment, "v", index.subList(4, 8))).statusCode())
                .isEqualTo(200);
        assertProblem(server.get(path(segment, "v", index.subList(0, 5))), 404, "take the address from a manifest");
        assertProblem(server.get(path(segment, "v", index)), 404, "take the address from a manifest");
    }

    /** As encrypted footage is: the box of its cipher lies before each fragment. */
    @Test
    void aBoxBeforeTheFragmentIsPassedOver() throws Exception {
        Segment segment = Recorded.withSound(archive, START_US, 4, OPUS, -1, true);
        List<FragmentEntry> index = archive.index(segment.id());
        assertThat(found(server.get(path(segment, "a", index))).units()).hasSize(16);
        assertThat(found(server.get(path(segment, "v", index))).units())
                .startsWith("key 0")
                .hasSize(8);
        assertThat(kinds(manifest())).containsExactly("video", "audio");
    }

    private static void assertProblem(HttpResponse<byte[]> answer, int status, String word) {
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        assertThat(answer.statusCode()).as(text).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(text).contains(word);
    }
}
