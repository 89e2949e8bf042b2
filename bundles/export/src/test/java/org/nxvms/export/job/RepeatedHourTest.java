// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.nxvms.export.job.ExportScene.FRAMES;
import static org.nxvms.export.job.ExportScene.GATE;
import static org.nxvms.export.job.ExportScene.SECOND_US;
import static org.nxvms.export.job.Packages.content;
import static org.nxvms.export.job.Packages.footage;
import static org.nxvms.export.job.Packages.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.export.job.PlainMp4.Picture;
import org.nxvms.export.verify.PackageCheck;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.export.ExportOrder.Form;

/** In the night in which clocks are set back in Berlin there are two hours from two to three; something happens in each. */
class RepeatedHourTest {
    private static final long SUMMER = at("2026-10-25T02:30:00+02:00");
    private static final long WINTER = at("2026-10-25T02:30:00+01:00");
    private static final int SECONDS = 4;

    @TempDir
    Path folder;

    private ExportScene scene;

    @BeforeEach
    void record() throws Exception {
        scene = new ExportScene(folder);
        scene.record(StreamId.main(GATE), SUMMER, SECONDS);
        scene.record(StreamId.main(GATE), WINTER, SECONDS);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private static long at(String time) {
        return ChronoUnit.MICROS.between(
                Instant.EPOCH, OffsetDateTime.parse(time).toInstant());
    }

    private Path export(String from, String to) throws Exception {
        Path zip = scene.make(scene.start(), scene.job(Form.MP4, at(from), at(to), GATE));
        assertThat(PackageCheck.of(
                                Files.newInputStream(zip),
                                Long.MAX_VALUE,
                                scene.keys().keys())
                        .intact())
                .isTrue();
        return zip;
    }

    private static List<Long> taken(Path zip) throws Exception {
        List<Long> taken = new ArrayList<>();
        for (String file : footage(zip)) {
            PlainMp4.pictures(content(zip, file)).stream().map(Picture::takenUs).forEach(taken::add);
        }
        return taken;
    }

    @Test
    void eachOfTheTwoHoursIsExportedByItself() throws Exception {
        Path summer = export("2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00");
        assertThat(taken(summer))
                .hasSize(SECONDS * FRAMES)
                .allMatch(us -> us >= SUMMER && us < SUMMER + SECONDS * SECOND_US);
        Path winter = export("2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00");
        assertThat(taken(winter))
                .hasSize(SECONDS * FRAMES)
                .allMatch(us -> us >= WINTER && us < WINTER + SECONDS * SECOND_US);
        assertThat(footage(summer)).doesNotContainAnyElementsOf(footage(winter));
    }

    @Test
    void bothTogetherAreTwoHoursOneBehindTheOther() throws Exception {
        Path both = export("2026-10-25T02:00:00+02:00", "2026-10-25T03:00:00+01:00");

        assertThat(taken(both)).hasSize(2 * SECONDS * FRAMES).isSorted().doesNotHaveDuplicates();
        JsonNode stretches = manifest(both).get("cameras").get(0).get("footage");
        assertThat(StreamSupport.stream(stretches.spliterator(), false))
                .extracting(stretch -> stretch.get("from").asText(), stretch -> stretch.get("to")
                        .asText())
                .containsExactly(
                        tuple("2026-10-25T00:30:00.000Z", "2026-10-25T00:30:04.000Z"),
                        tuple("2026-10-25T01:30:00.000Z", "2026-10-25T01:30:04.000Z"));
    }
}
