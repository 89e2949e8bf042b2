// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.DataOutputStream;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.nxvms.platform.api.worker.CaptionText;

/**
 * Makes {@code glyphs.bin} of a font of fixed width, by hand when {@link CaptionText} gets other characters: {@code java -cp
 * target/test-classes:target/classes:PLATFORM_API.jar org.nxvms.media.worker.child.GlyphSheet DejaVuSansMono-Bold.ttf
 * src/main/resources/org/nxvms/media/worker/child/glyphs.bin}. {@link Glyphs#read} says what is in it.
 */
final class GlyphSheet {
    private static final int WIDTH = 28;
    private static final int HEIGHT = 54;
    private static final float POINTS = 46;

    private GlyphSheet() {}

    public static void main(String[] arguments) throws Exception {
        Font font = Font.createFont(Font.TRUETYPE_FONT, new File(arguments[0])).deriveFont(POINTS);
        List<Integer> characters = IntStream.rangeClosed(0, 0xFFFF)
                .filter(CaptionText::isShown)
                .boxed()
                .toList();
        try (DataOutputStream out =
                new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(Path.of(arguments[1]))))) {
            out.writeByte(WIDTH);
            out.writeByte(HEIGHT);
            out.writeShort(characters.size());
            for (int character : characters) {
                if (!font.canDisplay(character)) {
                    throw new IllegalStateException("the font lacks U+" + Integer.toHexString(character));
                }
                out.writeShort(character);
            }
            for (int character : characters) {
                out.write(cell(font, character));
            }
        }
    }

    private static byte[] cell(Font font, int character) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D pen = image.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        pen.setFont(font);
        pen.setColor(Color.WHITE);
        FontMetrics metrics = pen.getFontMetrics();
        pen.drawString(Character.toString(character), 0, (HEIGHT + metrics.getAscent() - metrics.getDescent()) / 2);
        pen.dispose();
        byte[] cell = new byte[WIDTH * HEIGHT / 2];
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            int level = (image.getRaster().getSample(i % WIDTH, i / WIDTH, 0) * 15 + 127) / 255;
            cell[i / 2] |= (byte) (level << (i % 2 == 0 ? 4 : 0));
        }
        return cell;
    }
}
