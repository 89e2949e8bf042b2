// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.MaskSettings;
import org.nxvms.driver.spi.MaskSettings.Kind;
import org.nxvms.driver.spi.MaskSettings.Point;
import org.nxvms.driver.spi.PrivacyMasks;
import org.nxvms.media.StreamRole;

/** Masks as devices write them that the simulated one is not: rectangles only, listed colours, YCbCr, parts of a maker. */
class MaskFormTest {
    private static final String RGB = "http://www.onvif.org/ver10/colorspace/RGB";
    private static final List<Point> SQUARE =
            List.of(new Point(0.25, 0.25), new Point(0.75, 0.25), new Point(0.75, 0.75), new Point(0.25, 0.75));

    private static XmlNode xml(String text) throws Exception {
        return XmlNode.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static PrivacyMasks.Options options(XmlNode told) {
        return MaskForm.options(told, Set.of(StreamRole.MAIN)).orElseThrow();
    }

    @Test
    void listedColoursAreSentBackAsTheyAreListed() throws Exception {
        XmlNode told =
                xml("<Options RectangleOnly='1' SingleColorOnly='true'><MaxMasks>8</MaxMasks><MaxPoints>4</MaxPoints>"
                        + "<Types>Color</Types><Types>Sparkling</Types><Color><ColorList X='16' Y='128' Z='128'/>"
                        + "<ColorList X='255' Y='0' Z='0' Colorspace='" + RGB + "'/></Color></Options>");
        PrivacyMasks.Options options = options(told);
        assertThat(options.colors()).containsExactly("#101010", "#ff0000");
        assertThat(options.anyColor()).isFalse();
        assertThat(options.oneColor()).isTrue();
        assertThat(options.rectangleOnly()).isTrue();
        assertThat(options.kinds()).containsExactly(Kind.COLOR);
        MaskSettings wanted = new MaskSettings(SQUARE, Kind.COLOR, Optional.of("#101010"), true);
        assertThat(options.problems(wanted)).isEmpty();
        assertThat(MaskForm.mask(Optional.empty(), "s&1", wanted, told))
                .isEqualTo(
                        "<o:Mask><o:ConfigurationToken>s&amp;1</o:ConfigurationToken><o:Polygon>"
                                + "<tt:Point x=\"-0.5000\" y=\"0.5000\"/><tt:Point x=\"0.5000\" y=\"0.5000\"/>"
                                + "<tt:Point x=\"0.5000\" y=\"-0.5000\"/><tt:Point x=\"-0.5000\" y=\"-0.5000\"/></o:Polygon>"
                                + "<o:Type>Color</o:Type><o:Color X=\"16\" Y=\"128\" Z=\"128\"/><o:Enabled>true</o:Enabled></o:Mask>");
        assertThat(options.problems(new MaskSettings(SQUARE, Kind.COLOR, Optional.of("#00ff00"), true)))
                .containsEntry("color", "must be one of #101010, #ff0000");
        List<Point> crooked =
                List.of(new Point(0.2, 0.2), new Point(0.7, 0.3), new Point(0.75, 0.75), new Point(0.25, 0.75));
        assertThat(options.problems(new MaskSettings(crooked, Kind.COLOR, Optional.empty(), true)))
                .containsOnlyKeys("points");
        List<Point> crossed = List.of(SQUARE.get(0), SQUARE.get(2), SQUARE.get(1), SQUARE.get(3));
        assertThat(options.problems(new MaskSettings(crossed, Kind.COLOR, Optional.empty(), true)))
                .containsOnlyKeys("points");
    }

    @Test
    void coloursOfYCbCrComeBackAsTheyWereSent() throws Exception {
        XmlNode told = xml("<Options><MaxMasks>2</MaxMasks><MaxPoints>999</MaxPoints><Types>Color</Types><Types>Blurred"
                + "</Types><Color><ColorspaceRange><X><Min>0</Min><Max>255</Max></X><Colorspace>"
                + "http://www.onvif.org/ver10/colorspace/YCbCr</Colorspace></ColorspaceRange></Color></Options>");
        assertThat(options(told).anyColor()).isTrue();
        assertThat(options(told).pointsMax()).isEqualTo(MaskSettings.POINTS_MAX);
        for (String color : List.of("#000000", "#ffffff", "#3366cc", "#ff0000")) {
            String sent = MaskColors.element(color, told).replace("o:Color", "Color");
            MaskSettings wanted = new MaskSettings(SQUARE, Kind.COLOR, Optional.of(color), true);
            MaskSettings got = new MaskSettings(SQUARE, Kind.COLOR, MaskColors.color(xml(sent)), true);
            assertThat(wanted.differences(got)).as(sent).isEmpty();
            MaskSettings other = new MaskSettings(SQUARE, Kind.COLOR, Optional.of("#808000"), true);
            assertThat(other.differences(got)).extracting("field").containsExactly("color");
        }
    }

    @Test
    void whatAMakerAddsIsSaidBack() throws Exception {
        XmlNode told =
                xml("<Masks xmlns:m='urn:m' token='7' m:zoom='3'><ConfigurationToken>s</ConfigurationToken><Polygon>"
                        + "<Point x='-1.02' y='1'/><Point x='0' y='1'/><Point x='0' y='0'/></Polygon><Type>Mosaic</Type>"
                        + "<Enabled>1</Enabled><m:Level>5</m:Level></Masks>");
        PrivacyMasks.Mask mask = MaskForm.mask(told).orElseThrow();
        assertThat(mask.settings().kind()).isEqualTo(Kind.OTHER);
        assertThat(mask.settings().on()).isTrue();
        assertThat(mask.settings().points())
                .as("beyond the picture there is nothing to hide")
                .containsExactly(new Point(0, 0), new Point(0.5, 0), new Point(0.5, 0.5));
        XmlNode options = xml("<Options/>");
        String sent = MaskForm.mask(
                Optional.of(told), "s", new MaskSettings(SQUARE, Kind.PIXELATED, Optional.empty(), false), options);
        assertThat(sent)
                .contains("token=\"7\"", "<o:Type>Pixelated</o:Type>", "<o:Enabled>false</o:Enabled>", ">5</")
                .contains("zoom=\"3\"");
        MaskSettings off = new MaskSettings(mask.settings().points(), Kind.OTHER, Optional.empty(), false);
        assertThat(MaskForm.mask(Optional.of(told), "s", off, options))
                .as("of its own kind it stays")
                .contains("<o:Type>Mosaic</o:Type>", "<o:Enabled>false</o:Enabled>");
    }

    @Test
    void whatIsNoneIsLeftOut() throws Exception {
        assertThat(MaskForm.mask(xml("<Masks token='1'><Polygon><Point x='0' y='0'/></Polygon></Masks>")))
                .isEmpty();
        assertThat(MaskForm.mask(xml("<Masks><Polygon><Point x='0' y='0'/><Point x='1' y='0'/><Point x='0' y='1'/>"
                        + "</Polygon></Masks>")))
                .as("without a token it cannot be named")
                .isEmpty();
        assertThat(MaskForm.options(xml("<Options><MaxMasks>0</MaxMasks></Options>"), Set.of(StreamRole.MAIN)))
                .isEmpty();
        assertThat(options(xml("<Options><MaxMasks>1</MaxMasks><Types>Color</Types></Options>"))
                        .rectangleOnly())
                .as("who does not say how many corners takes rectangles")
                .isTrue();
    }

    @Test
    void cornersCountWhereverTheyBegin() {
        MaskSettings one = new MaskSettings(SQUARE, Kind.COLOR, Optional.empty(), true);
        List<Point> turned = List.of(SQUARE.get(2), SQUARE.get(1), SQUARE.get(0), SQUARE.get(3));
        assertThat(one.differences(new MaskSettings(turned, Kind.COLOR, Optional.of("#123456"), true)))
                .isEmpty();
        List<Point> smaller = List.of(SQUARE.get(0), SQUARE.get(1), SQUARE.get(2), new Point(0.25, 0.74));
        assertThat(one.differences(new MaskSettings(smaller, Kind.COLOR, Optional.empty(), true)))
                .singleElement()
                .extracting("field")
                .isEqualTo("points");
    }

    private static MaskSettings box(double left, double top, double width, double height) {
        List<Point> corners = List.of(
                new Point(left, top),
                new Point(left + width, top),
                new Point(left + width, top + height),
                new Point(left, top + height));
        return new MaskSettings(corners, Kind.COLOR, Optional.empty(), true);
    }

    @Test
    void whatIsSmallerThanItWasWantedIsToldByMoreThanAPixelOrATwentieth() {
        assertThat(box(0.2, 0.2, 0.5, 0.5).differences(box(0.202, 0.202, 0.496, 0.496)))
                .as("rounded to pixels of a small picture")
                .isEmpty();
        assertThat(box(0.2, 0.2, 0.5, 0.5).differences(box(0.204, 0.204, 0.492, 0.492)))
                .as("15 pixels of 3840 less at each side")
                .extracting("field")
                .containsExactly("points");
        assertThat(box(0.2, 0.2, 0.02, 0.02).differences(box(0.202, 0.2, 0.016, 0.02)))
                .as("a fifth of it less")
                .extracting("field")
                .containsExactly("points");
        assertThat(box(0.2, 0.2, 0.02, 0.02).differences(box(0.2005, 0.2005, 0.0195, 0.0195)))
                .as("rounded to pixels")
                .isEmpty();
    }

    @Test
    void aNarrowRectangleIsOneAndTooSmallIsSaidToBeTooSmall() throws Exception {
        PrivacyMasks.Options options = options(xml("<Options><MaxMasks>1</MaxMasks><Types>Color</Types></Options>"));
        assertThat(options.problems(box(0.2, 0.2, 0.004, 0.6))).isEmpty();
        assertThat(options.problems(box(0.2, 0.2, 0.6, 0.004))).isEmpty();
        for (MaskSettings small : List.of(box(0.2, 0.2, 0.001, 0.6), box(0.2, 0.2, 0.6, 0), box(0.2, 0.2, 0, 0))) {
            assertThat(options.problems(small))
                    .containsEntry(
                            "points",
                            "is too small: a mask must be at least a 360th of the picture wide and high, or the camera may"
                                    + " round it to nothing");
        }
    }
}
