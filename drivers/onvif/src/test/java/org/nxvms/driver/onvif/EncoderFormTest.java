// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.EncoderOptions;
import org.nxvms.driver.spi.EncoderOptions.Range;
import org.nxvms.driver.spi.EncoderSettings;
import org.nxvms.driver.spi.EncoderSettings.Resolution;
import org.nxvms.media.Codec;

/** Encoders as devices write them that the simulated one is not: H.265, JPEG, parts of a maker, half of what there should be. */
class EncoderFormTest {
    private static final Resolution UHD = new Resolution(3840, 2160);
    private static final Resolution HD = new Resolution(1280, 720);

    private static final String MEDIA2 =
            """
            <c token="v&amp;1" GovLength="60" AnchorFrameDistance="1" Profile="Main" GuaranteedFrameRate="true" xmlns:m="urn:maker">
            <Name>uhd</Name><UseCount>2</UseCount><Encoding>H265</Encoding>
            <Resolution><Width>3840</Width><Height>2160</Height></Resolution>
            <RateControl ConstantBitRate="false"><FrameRateLimit>29.97</FrameRateLimit><BitrateLimit>8192</BitrateLimit>
            <AverageBitRate>6000</AverageBitRate></RateControl>
            <Multicast><Port>5000</Port></Multicast><Quality>3.5</Quality><m:Smart level="2">on</m:Smart></c>""";

    private static final String MEDIA2_OPTIONS =
            """
            <r><Options FrameRatesSupported="30 29.97 15 0 x" GovLengthRange="1 400" ProfilesSupported="Main Main10"
             ConstantBitRateSupported="1"><Encoding>H265</Encoding><QualityRange><Min>1</Min><Max>6</Max></QualityRange>
            <ResolutionsAvailable><Width>3840</Width><Height>2160</Height></ResolutionsAvailable>
            <ResolutionsAvailable><Width>1280</Width><Height>720</Height></ResolutionsAvailable>
            <ResolutionsAvailable><Width>3840</Width><Height>2160</Height></ResolutionsAvailable>
            <ResolutionsAvailable><Width>0</Width><Height>2160</Height></ResolutionsAvailable>
            <BitrateRange><Min>32</Min><Max>16384</Max></BitrateRange></Options>
            <Options><Encoding>JPEG</Encoding>
            <ResolutionsAvailable><Width>1280</Width><Height>720</Height></ResolutionsAvailable>
            <BitrateRange><Min>9</Min><Max>3</Max></BitrateRange></Options>
            <Options><Encoding>MPV4-ES</Encoding><ResolutionsAvailable><Width>1280</Width><Height>720</Height>
            </ResolutionsAvailable></Options>
            <Options><Encoding>H264</Encoding></Options></r>""";

    private static final String MEDIA =
            """
            <c token="v1"><Name>old</Name><UseCount>1</UseCount><Encoding>JPEG</Encoding>
            <Resolution><Width>1280</Width><Height>720</Height></Resolution><Quality>70</Quality>
            <RateControl><FrameRateLimit>10</FrameRateLimit><EncodingInterval>2</EncodingInterval>
            <BitrateLimit>4000</BitrateLimit></RateControl>
            <H264><GovLength>30</GovLength><H264Profile>Main</H264Profile></H264>
            <Multicast><Port>0</Port></Multicast><SessionTimeout>PT60S</SessionTimeout></c>""";

    private final Media2Form media2 = new Media2Form();
    private final MediaForm media = new MediaForm();

    private static XmlNode xml(String text) throws DriverException {
        return XmlNode.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static EncoderSettings only(Codec codec, Resolution resolution, Optional<Integer> bitrateKbps) {
        return new EncoderSettings(
                codec,
                resolution,
                Optional.empty(),
                bitrateKbps,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void h265IsToldByMedia2() throws Exception {
        assertThat(media2.settings(xml(MEDIA2)))
                .contains(new EncoderSettings(
                        Codec.HEVC,
                        UHD,
                        Optional.of(29.97),
                        Optional.of(8_192),
                        Optional.of(false),
                        Optional.of(3.5),
                        Optional.of(60),
                        Optional.of("Main")));
        assertThat(media2.options(xml(MEDIA2_OPTIONS), xml(MEDIA2)))
                .as("codecs that we do not have, and those without a picture, are left out")
                .containsExactly(
                        new EncoderOptions(
                                Codec.HEVC,
                                List.of(UHD, HD),
                                Optional.of(new Range(15, 30)),
                                List.of(30.0, 29.97, 15.0),
                                Optional.of(new Range(32, 16_384)),
                                true,
                                Optional.of(new Range(1, 6)),
                                Optional.of(new Range(1, 400)),
                                List.of("Main", "Main10")),
                        new EncoderOptions(
                                Codec.MJPEG,
                                List.of(HD),
                                Optional.of(EncoderForm.ANY_FRAME_RATE),
                                List.of(),
                                Optional.of(EncoderForm.ANY_BITRATE),
                                false,
                                Optional.empty(),
                                Optional.empty(),
                                List.of()));
    }

    @Test
    void whatIsNotAskedForIsSentAsItWas() throws Exception {
        assertThat(media2.change(xml(MEDIA2), only(Codec.HEVC, HD, Optional.empty())))
                .startsWith("<o:Configuration token=\"v&amp;1\" GuaranteedFrameRate=\"true\" GovLength=\"60\""
                        + " Profile=\"Main\" AnchorFrameDistance=\"1\">")
                .contains(
                        "<tt:Width>1280</tt:Width><tt:Height>720</tt:Height>",
                        "<tt:RateControl ConstantBitRate=\"false\"><tt:FrameRateLimit>29.97</tt:FrameRateLimit>"
                                + "<tt:BitrateLimit>8192</tt:BitrateLimit><AverageBitRate",
                        ">5000</Port>",
                        "<tt:Quality>3.5</tt:Quality><x:Smart xmlns:x=\"urn:maker\" level=\"2\">on</x:Smart>");
        assertThat(media2.change(xml(MEDIA2), only(Codec.HEVC, HD, Optional.of(500))))
                .as("a mean of another limit is not kept")
                .contains("<tt:BitrateLimit>500</tt:BitrateLimit></tt:RateControl>");
    }

    @Test
    void anotherCodecHasNothingOfTheFormerOne() throws Exception {
        String changed = media2.change(xml(MEDIA2), only(Codec.H264, HD, Optional.empty()));
        assertThat(changed)
                .startsWith("<o:Configuration token=\"v&amp;1\" GuaranteedFrameRate=\"true\">")
                .contains("<tt:Encoding>H264</tt:Encoding>", "<tt:FrameRateLimit>29.97</tt:FrameRateLimit>");
    }

    @Test
    void jpegByMediaHasNoKeyFrames() throws Exception {
        XmlNode told = xml(MEDIA);
        EncoderSettings now = media.settings(told).orElseThrow();
        assertThat(now.codec()).isEqualTo(Codec.MJPEG);
        assertThat(now.keyFrameInterval()).isEmpty();
        assertThat(now.profile()).isEmpty();
        assertThat(media.change(told, only(Codec.MJPEG, HD, Optional.of(2_000))))
                .contains("<tt:EncodingInterval>2</tt:EncodingInterval><tt:BitrateLimit>2000</tt:BitrateLimit>")
                .endsWith("<o:ForcePersistence>true</o:ForcePersistence>")
                .doesNotContain("GovLength");
        assertThat(media.change(told, only(Codec.H264, HD, Optional.empty())))
                .contains("<tt:H264><tt:GovLength>30</tt:GovLength><tt:H264Profile>Main</tt:H264Profile></tt:H264>");
    }

    @Test
    void mediaTellsBitRatesInAnExtension() throws Exception {
        String size = "<ResolutionsAvailable><Width>1280</Width><Height>720</Height></ResolutionsAvailable>";
        String rates = "<FrameRateRange><Min>1</Min><Max>30</Max></FrameRateRange>";
        String options = "<r><Options><QualityRange><Min>0</Min><Max>100</Max></QualityRange><JPEG>" + size + rates
                + "</JPEG><H264>" + size + rates
                + "<H264ProfilesSupported>Main</H264ProfilesSupported></H264><Extension>"
                + "<H264><BitrateRange><Min>64</Min><Max>6144</Max></BitrateRange></H264></Extension></Options></r>";
        List<EncoderOptions> read = media.options(xml(options), xml(MEDIA));
        assertThat(read).extracting(EncoderOptions::codec).containsExactly(Codec.H264, Codec.MJPEG);
        assertThat(read.get(0).bitrateKbps()).contains(new Range(64, 6_144));
        assertThat(read.get(0).keyFrameInterval()).as("it tells none").isEmpty();
        assertThat(read.get(0).profiles()).containsExactly("Main");
        assertThat(read.get(1).bitrateKbps()).contains(EncoderForm.ANY_BITRATE);
        assertThat(read.get(1).profiles()).isEmpty();
    }

    @Test
    void halfAConfigurationIsNone() throws Exception {
        assertThat(media2.settings(xml("<c token='1'><Encoding>H264</Encoding></c>")))
                .isEmpty();
        assertThat(media2.settings(xml("<c token='1'><Encoding>H264</Encoding><Resolution><Width>99999</Width>"
                        + "<Height>9</Height></Resolution></c>")))
                .isEmpty();
        assertThat(media2.settings(xml("<c token='1'><Encoding>AV1</Encoding><Resolution><Width>9</Width>"
                        + "<Height>9</Height></Resolution></c>")))
                .isEmpty();
        EncoderSettings bare = media2.settings(xml("<c GovLength='-1'><Encoding>h264</Encoding><Resolution>"
                        + "<Width>640</Width><Height>360</Height></Resolution><Quality>NaN</Quality></c>"))
                .orElseThrow();
        assertThat(bare).isEqualTo(only(Codec.H264, new Resolution(640, 360), Optional.empty()));
    }
}
