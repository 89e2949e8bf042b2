// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.thumbnail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.playback.FakeArchive;

/** Many moments on one picture, each where the grid says. */
class SheetsTest {
    /** A sheet of 25 x 2 s begins there. */
    private static final long START_US = 1_700_000_000_000_000L;

    private static final long STEP_US = 2_000_000;
    private static final UUID VERA = new UUID(7, 7);
    private static final int WIDTH = 160;

    private final FakeArchive archive = new FakeArchive();
    private final AtomicInteger made = new AtomicInteger();
    private final Set<Integer> broken = ConcurrentHashMap.newKeySet();
    private final CountDownLatch go = new CountDownLatch(1);
    private final Sheets sheets = new Sheets(new Thumbnails(4 << 20, 100, 60_000, System::nanoTime), 120_000);
    private final ExecutorService users = Executors.newCachedThreadPool();
    private volatile DriverException.Kind trouble = Kind.UNSUPPORTED;

    @AfterEach
    void stop() {
        users.shutdownNow();
    }

    /** A picture of 4 : 3 in a colour that tells its second. */
    private final Thumbnails.Maker maker = (track, picture, width, timeoutMs) -> {
        int second = Integer.parseInt(
                StandardCharsets.US_ASCII.decode(picture).toString().replace("key ", ""));
        if (broken.contains(second)) {
            throw new DriverException(trouble, "no picture");
        }
        made.incrementAndGet();
        BufferedImage image = new BufferedImage(WIDTH, WIDTH * 3 / 4, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(color(second));
        graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
        graphics.dispose();
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "jpeg", jpeg);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jpeg.toByteArray();
    };

    private static Color color(int second) {
        return new Color(55 + 4 * second, 255 - 4 * second, 128);
    }

    private Sheets.Plan plan() throws Exception {
        return sheets.plan(archive, FakeArchive.MAIN, START_US, STEP_US, WIDTH);
    }

    private BufferedImage sheet() throws Exception {
        return ImageIO.read(new ByteArrayInputStream(sheets.make(archive, maker, plan(), VERA)));
    }

    private static void assertColor(BufferedImage sheet, int cell, int x, Color expected) {
        int height = Sheets.height(WIDTH);
        Color seen =
                new Color(sheet.getRGB(cell % Sheets.COLUMNS * WIDTH + x, cell / Sheets.COLUMNS * height + height / 2));
        assertThat(seen.getRed()).as("red of cell " + cell).isCloseTo(expected.getRed(), within(12));
        assertThat(seen.getGreen()).as("green of cell " + cell).isCloseTo(expected.getGreen(), within(12));
        assertThat(seen.getBlue()).as("blue of cell " + cell).isCloseTo(expected.getBlue(), within(12));
    }

    @Test
    void eachMomentStandsInItsCellInItsOwnShape() throws Exception {
        Recorded.seconds(archive, START_US, 60, false);
        assertThat(plan().settled()).isTrue();
        BufferedImage sheet = sheet();
        assertThat(sheet.getWidth()).isEqualTo(5 * 160);
        assertThat(sheet.getHeight()).isEqualTo(5 * 90);
        for (int cell = 0; cell < Sheets.CELLS; cell++) {
            assertColor(sheet, cell, WIDTH / 2, color(2 * cell));
            assertColor(sheet, cell, 2, Color.BLACK);
        }
        assertThat(made).hasValue(Sheets.CELLS);
        sheet();
        assertThat(made).as("it was kept").hasValue(Sheets.CELLS);
    }

    @Test
    void theSheetOfAMomentFollowsFromTheMoment() {
        assertThat(Sheets.begin(START_US, STEP_US)).isEqualTo(START_US);
        assertThat(Sheets.begin(START_US + 49_999_999, STEP_US)).isEqualTo(START_US);
        assertThat(Sheets.begin(START_US + 50_000_000, STEP_US)).isEqualTo(START_US + 50_000_000);
    }

    @Test
    void whereThereIsNoFootageItIsBlackAndBecomesAnotherSheetWhenThereIs() throws Exception {
        // Begins within a cell.
        Recorded.seconds(archive, START_US + 35_000_000, 5, false);
        Sheets.Plan before = plan();
        assertThat(before.isEmpty()).isFalse();
        assertThat(before.settled()).isFalse();
        BufferedImage sheet = sheet();
        assertColor(sheet, 0, WIDTH / 2, Color.BLACK);
        assertColor(sheet, 17, WIDTH / 2, color(0));
        Recorded.seconds(archive, START_US, 20, false);
        assertThat(plan().tag()).isNotEqualTo(before.tag());
        assertColor(sheet(), 0, WIDTH / 2, color(0));
    }

    @Test
    void aPictureThatCannotBeMadeIsLeftOutAndOneThatIsLateIsAskedForAgain() throws Exception {
        Recorded.seconds(archive, START_US, 60, false);
        broken.add(4);
        trouble = Kind.BUSY;
        assertThatThrownBy(this::sheet).isInstanceOfSatisfying(DriverException.class, e -> assertThat(e.kind())
                .isEqualTo(Kind.BUSY));
        assertThat(made).as("those before are kept").hasValue(2);
        trouble = Kind.UNSUPPORTED;
        BufferedImage sheet = sheet();
        assertThat(made).hasValue(Sheets.CELLS - 1);
        assertColor(sheet, 2, WIDTH / 2, Color.BLACK);
        assertColor(sheet, 3, WIDTH / 2, color(6));
    }

    @Test
    void whoAsksForASheetThatIsBeingMadeGetsThatOne() throws Exception {
        Recorded.seconds(archive, START_US, 60, false);
        Thumbnails.Maker slow = (track, picture, width, timeoutMs) -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new DriverException(Kind.BUSY, "stopped", e);
            }
            return maker.jpeg(track, picture, width, timeoutMs);
        };
        Sheets.Plan plan = plan();
        Future<byte[]> first = users.submit(() -> sheets.make(archive, slow, plan, VERA));
        Future<byte[]> second = users.submit(() -> sheets.make(archive, slow, plan, VERA));
        go.countDown();
        assertThat(second.get(60, TimeUnit.SECONDS)).isSameAs(first.get(60, TimeUnit.SECONDS));
        assertThat(made).hasValue(Sheets.CELLS);
    }
}
