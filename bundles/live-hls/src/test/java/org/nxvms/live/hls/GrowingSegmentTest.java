// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.fmp4.SampleTable;

/** A segment that is sent while it grows, as DASH players ask for it. */
class GrowingSegmentTest extends HlsScene {
    @Test
    void aDashPlayerIsSentASegmentWhileItGrows() throws Exception {
        camera.startRun(Stage.H264, Stage.AAC).seconds(9);
        HttpResponse<byte[]> answer = get("manifest.mpd?stream=main");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/dash+xml");
        ManifestRules.Manifest manifest = ManifestRules.read(text(answer));
        ManifestRules.Listed newest = manifest.newest();
        HttpResponse<InputStream> growing = growing(newest);
        assertThat(growing.headers().firstValue("Content-Length")).isEmpty();
        List<Integer> begun = new ArrayList<>(numbersOf(growing.body(), 1));
        assertThat(begun.get(0) % 50)
                .as("its first picture, before it is whole")
                .isZero();
        await(() -> servlet.pump().waiting() == 1);
        camera.seconds(2);
        byte[] rest = growing.body().readAllBytes();
        await(() -> servlet.pump().waiting() == 0);
        begun.addAll(Received.pictures(ByteBuffer.wrap(rest)));
        assertThat(begun)
                .isEqualTo(
                        IntStream.range(begun.get(0), begun.get(0) + 50).boxed().toList());
        byte[] whole = get(newest.uri()).body();
        assertThat(Received.pictures(ByteBuffer.wrap(whole))).isEqualTo(begun);
        assertThat(get(manifest.initialisation()).statusCode()).isEqualTo(200);
        assertThat(get(manifest.segments().get(0).uri()).statusCode()).isEqualTo(200);
        assertProblem(get("manifest.mpd?_HLS_msn=1"), 400, "_HLS_msn");
    }

    /** FFmpeg reads it before each segment, and takes what it does not name for lost. */
    @Test
    void theManifestIsHeldUntilASegmentGrows() throws Exception {
        camera.startRun(Stage.H264, Stage.AAC).pictures(501);
        long next = playlist("").nextNumber();
        await(() -> watched().last().complete());
        CompletableFuture<HttpResponse<byte[]>> manifest = held("manifest.mpd");
        camera.pictures(10);
        ManifestRules.Listed newest = ManifestRules.read(text(manifest.get(SECONDS_MAX, TimeUnit.SECONDS)))
                .newest();
        assertThat(watched().beginning(Track.PICTURES, newest.ticks()))
                .map(Segment::number)
                .contains(next);
        camera.pictures(40);
        await(() -> watched().last().complete());
        CompletableFuture<HttpResponse<byte[]>> still = held("manifest.mpd");
        nowMs.addAndGet(700);
        assertThat(ManifestRules.read(text(still.get(SECONDS_MAX, TimeUnit.SECONDS)))
                        .newest()
                        .ticks())
                .as("it is not held for longer")
                .isEqualTo(newest.ticks());
    }

    @Test
    void aTimeAtWhichNoSegmentBeginsIsNothing() throws Exception {
        camera.startRun(Stage.H264, Stage.AAC).seconds(9);
        ManifestRules.Listed newest =
                ManifestRules.read(text(get("manifest.mpd"))).newest();
        String next = newest.uri().replace(".m4s", "0.m4s");
        assertProblem(get(next), 404, "Read the playlist again");
        assertProblem(get(newest.uri().replace("/v/", "/a/")), 404, "Read the playlist again");
    }

    @Test
    void aDashPlayerIsSentTheSoundOfASegmentBesideItsPictures() throws Exception {
        camera.startRun(Stage.H264, Stage.AAC).seconds(9);
        String text = manifestOnceItGrowsFrom(200);
        ManifestRules.Manifest pictures = ManifestRules.read(text);
        ManifestRules.Manifest sound = ManifestRules.readSound(text);
        assertThat(sound.segments()).hasSameSizeAs(pictures.segments());
        for (int i = 0; i < sound.segments().size(); i++) {
            assertThat(Duration.between(
                                    pictures.segments().get(i).time(),
                                    sound.segments().get(i).time())
                            .abs())
                    .isLessThan(Duration.ofMillis(70));
        }
        HttpResponse<byte[]> init = get(sound.initialisation());
        assertThat(InitReader.read(ByteBuffer.wrap(init.body())).format().codecs())
                .isEqualTo("mp4a.40.2");
        assertThat(InitReader.read(
                                ByteBuffer.wrap(get(pictures.initialisation()).body()))
                        .format()
                        .codecs())
                .isEqualTo("avc1.640028");
        HttpResponse<InputStream> growing = growing(sound.newest());
        assertThat(growing.headers().firstValue("Content-Type")).contains("audio/mp4");
        await(() -> servlet.pump().waiting() == 1);
        camera.seconds(2);
        byte[] all = growing.body().readAllBytes();
        await(() -> servlet.pump().waiting() == 0);
        List<SampleTable> tables = Received.tables(ByteBuffer.wrap(all), 1);
        assertThat(tables.get(0).decodeTime()[0]).isEqualTo(sound.newest().ticks());
        // One each 64 ms, and a segment is two seconds.
        assertThat(tables.stream().mapToInt(SampleTable::count).sum()).isBetween(30, 33);
        assertThat(Received.tables(ByteBuffer.wrap(all), 0)).isEmpty();
        HttpResponse<byte[]> whole = get(sound.newest().uri());
        assertThat(whole.headers().firstValue("Content-Type")).contains("audio/mp4");
        assertThat(whole.body()).isEqualTo(all);
    }

    @Test
    void whereTheMicrophoneIsOffThereIsAnEmptyFragmentAtItsTime() throws Exception {
        camera.startRun(Stage.H264, Stage.AAC).seconds(9);
        camera.mute(true).seconds(6);
        ManifestRules.Manifest sound = ManifestRules.readSound(manifestOnceItGrowsFrom(350));
        ManifestRules.Listed silent = beforeNewest(sound);
        byte[] pause = get(silent.uri()).body();
        assertThat(Received.tables(ByteBuffer.wrap(pause), 1))
                .singleElement()
                .satisfies(table -> assertThat(table.count()).isZero());
        int moof = ByteBuffer.wrap(pause).getInt(0);
        assertThat(ByteBuffer.wrap(pause).getLong(moof - 8))
                .as("the time in tfdt, which comes last")
                .isEqualTo(silent.ticks());
        CompletableFuture<HttpResponse<byte[]>> growing = held(sound.newest().uri());
        camera.seconds(2);
        byte[] grown = growing.get(SECONDS_MAX, TimeUnit.SECONDS).body();
        assertThat(grown).hasSameSizeAs(pause);
        assertThat(get(sound.newest().uri()).body()).isEqualTo(grown);
        camera.mute(false).seconds(4);
        byte[] heard = get(beforeNewest(ManifestRules.readSound(manifestOnceItGrowsFrom(500)))
                        .uri())
                .body();
        assertThat(Received.tables(ByteBuffer.wrap(heard), 1))
                .isNotEmpty()
                .allSatisfy(table -> assertThat(table.count()).isPositive());
    }

    private Timeline watched() {
        return servlet.pump().peek(Stage.KEY).orElseThrow().timeline();
    }

    private static ManifestRules.Listed beforeNewest(ManifestRules.Manifest manifest) {
        return manifest.segments().get(manifest.segments().size() - 2);
    }

    /** {@return the manifest when its newest segment begins with that picture} */
    private String manifestOnceItGrowsFrom(int picture) throws Exception {
        assertThat(get("manifest.mpd").statusCode()).isEqualTo(200);
        await(() -> servlet.pump()
                        .peek(Stage.KEY)
                        .map(feed -> feed.timeline().last().parts().get(0).of(Track.PICTURES))
                        .map(part -> Received.pictures(part).get(0))
                        .orElseThrow()
                == picture);
        return text(get("manifest.mpd"));
    }

    /** {@return a segment that grows} No other request is counted: one that is answered is for a moment longer. */
    private HttpResponse<InputStream> growing(ManifestRules.Listed newest) throws Exception {
        await(() -> servlet.pump().waiting() == 0);
        return client.send(request(Stage.CAMERA + "/" + newest.uri(), "GET"), BodyHandlers.ofInputStream());
    }

    /** Else players would take what they have for the whole of it. */
    @Test
    void aGrowingSegmentThatIsCutDoesNotEndLikeAWholeOne() throws Exception {
        camera.startRun(Stage.H264).seconds(9);
        assertCut(() -> nowMs.addAndGet(6_000));
        assertCut(() -> {
            guard.hidden.add(Stage.CAMERA);
            nowMs.addAndGet(2_000);
        });
        guard.hidden.clear();
        assertCut(servlet::close);
    }

    private void assertCut(Runnable cause) throws Exception {
        ManifestRules.Manifest manifest = ManifestRules.read(text(get("manifest.mpd")));
        HttpResponse<InputStream> growing = growing(manifest.newest());
        assertThat(numbersOf(growing.body(), 1)).isNotEmpty();
        await(() -> servlet.pump().waiting() == 1);
        cause.run();
        assertThatThrownBy(() -> growing.body().readAllBytes()).isInstanceOf(IOException.class);
        await(() -> servlet.pump().placesTaken() == 0);
    }

    @Test
    void anAnswerGivesItsPlaceBackThoughTheContainerTellsNothing() throws Exception {
        camera.startRun(Stage.H264).seconds(9);
        container.silence();
        assertThat(get("index.m3u8").statusCode()).isEqualTo(200);
        ManifestRules.Manifest manifest = ManifestRules.read(text(get("manifest.mpd")));
        assertThat(get(manifest.segments().get(0).uri()).statusCode()).isEqualTo(200);
        assertThat(client.send(request(Stage.CAMERA + "/manifest.mpd", "HEAD"), BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(200);
        CompletableFuture<HttpResponse<byte[]>> whole = ask(manifest.newest().uri());
        await(() -> servlet.pump().waiting() == 1);
        camera.seconds(2);
        assertThat(whole.get(SECONDS_MAX, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        await(() -> servlet.pump().placesTaken() == 0);
        assertCut(servlet::close);
    }

    /** Reads so many parts of a body that goes on: what follows them stays in it. */
    private static List<Integer> numbersOf(InputStream body, int parts) throws Exception {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        for (int mdats = 0; mdats < parts; ) {
            byte[] head = body.readNBytes(8);
            int size = ByteBuffer.wrap(head).getInt();
            mdats += ByteBuffer.wrap(head).getInt(4) == 0x6d646174 ? 1 : 0;
            read.write(head);
            read.write(body.readNBytes(size - 8));
        }
        return Received.pictures(ByteBuffer.wrap(read.toByteArray()));
    }
}
