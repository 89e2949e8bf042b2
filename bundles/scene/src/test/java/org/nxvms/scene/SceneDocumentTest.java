// SPDX-License-Identifier: Apache-2.0
package org.nxvms.scene;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.scene.SceneDocument.Seen;

/** What documents of devices say, and that what is none says nothing. */
class SceneDocumentTest {
    private static SceneDocument parse(String frame) {
        return SceneDocument.parse(
                ("<tt:MetadataStream xmlns:tt=\"http://www.onvif.org/ver10/schema\"><tt:VideoAnalytics>" + frame
                                + "</tt:VideoAnalytics></tt:MetadataStream>")
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void objectsHaveTheirKindAndTheirBox() {
        SceneDocument document = parse(
                """
                <tt:Frame UtcTime="2026-01-01T00:00:00Z"><tt:Object ObjectId="1"><tt:Appearance><tt:Shape>
                <tt:BoundingBox left="-0.5" top="0.5" right="0.0" bottom="-0.5"/><tt:CenterOfGravity x="0" y="0"/></tt:Shape>
                <tt:Class><tt:Type Likelihood="0.9">Human</tt:Type><tt:Type Likelihood="0.1">Animal</tt:Type></tt:Class>
                </tt:Appearance></tt:Object>
                <tt:Object ObjectId="2"><tt:Appearance><tt:Class><tt:ClassCandidate><tt:Type>Vehical</tt:Type>
                <tt:Likelihood>0.8</tt:Likelihood></tt:ClassCandidate></tt:Class></tt:Appearance></tt:Object></tt:Frame>""");
        assertThat(document.frame()).isTrue();
        assertThat(document.objects())
                .containsExactly(
                        new Seen("human", Optional.of(new Box(0.25, 0.25, 0.25, 0.5))),
                        new Seen("vehical", Optional.empty()));
        assertThat(document.objects().get(0).box().orElseThrow().thousandths()).isEqualTo("250,250,250,500");
    }

    @Test
    void coordinatesOfTheDeviceAreMovedAsItsFrameSays() {
        SceneDocument document = parse(
                """
                <tt:Frame><tt:Transformation><tt:Translate x="-1.0" y="1.0"/><tt:Scale x="0.002" y="-0.002"/></tt:Transformation>
                <tt:Object><tt:Appearance><tt:Shape><tt:BoundingBox left="100" top="200" right="300" bottom="2000"/>
                </tt:Shape></tt:Appearance></tt:Object></tt:Frame>""");
        assertThat(document.objects().get(0).box().orElseThrow().thousandths())
                .as("cut at the edge of the picture")
                .isEqualTo("100,200,200,800");
    }

    private static String object(String id, String kind) {
        return "<tt:Object" + (id.isEmpty() ? "" : " ObjectId=\"" + id + "\"") + "><tt:Appearance><tt:Class><tt:Type>"
                + kind + "</tt:Type></tt:Class></tt:Appearance></tt:Object>";
    }

    private static Seen seen(String kind) {
        return new Seen(kind, Optional.empty());
    }

    @Test
    void framesOfSeveralModulesInOneDocumentAllCount() {
        SceneDocument document = parse("<tt:Frame Source=\"Objects\">" + object("1", "Human")
                + "</tt:Frame><tt:Frame Source=\"Faces\">" + object("1", "Face")
                + "</tt:Frame><tt:Frame Source=\"Motion\"><tt:Extension><tt:MotionInCells Columns=\"8\" Rows=\"4\" Cells=\""
                + Base64.getEncoder().encodeToString(new byte[] {3, 0, 0b0011_0000, 0b0001_0000, 0})
                + "\"/></tt:Extension></tt:Frame>");
        assertThat(document.objects()).containsExactly(seen("human"), seen("face"));
        assertThat(document.moves()).isPresent();
    }

    @Test
    void ofAnObjectThatIsInSeveralFramesTheLastCounts() {
        SceneDocument document = parse("<tt:Frame>" + object("1", "Human") + object("2", "Animal")
                + "</tt:Frame><tt:Frame>" + object("2", "Vehicle") + "</tt:Frame><tt:Frame/>");
        assertThat(document.objects()).containsExactly(seen("human"), seen("vehicle"));
        SceneDocument unnamed = parse("<tt:Frame>" + object("", "Human") + object("", "Human") + "</tt:Frame><tt:Frame>"
                + object("", "Animal") + "</tt:Frame>");
        assertThat(unnamed.objects()).as("no more than a frame has").containsExactly(seen("animal"), seen("human"));
        assertThat(parse("<tt:Frame/>")).isEqualTo(new SceneDocument(true, List.of(), Optional.empty()));
        assertThat(parse("")).isEqualTo(SceneDocument.NOTHING);
    }

    @Test
    void theLikeliestKindOfAnObjectCounts() {
        SceneDocument document = parse(
                """
                <tt:Frame><tt:Object ObjectId="1"><tt:Appearance><tt:Class><tt:Type Likelihood="0.2">Vehicle</tt:Type>
                <tt:Type Likelihood="0.8">Human</tt:Type></tt:Class></tt:Appearance></tt:Object>
                <tt:Object ObjectId="2"><tt:Appearance><tt:Class><tt:ClassCandidate><tt:Type>Animal</tt:Type>
                <tt:Likelihood>0.3</tt:Likelihood></tt:ClassCandidate><tt:ClassCandidate><tt:Type>Face</tt:Type>
                <tt:Likelihood>0.6</tt:Likelihood></tt:ClassCandidate></tt:Class></tt:Appearance></tt:Object></tt:Frame>""");
        assertThat(document.objects()).containsExactly(seen("human"), seen("face"));
    }

    @Test
    void cellsThatMoveHaveABoxAroundThem() {
        // 8 columns, 4 rows: the second row has cells 2 and 3, the third cell 3. Literal: 4 bytes.
        byte[] packed = {3, 0, 0b0011_0000, 0b0001_0000, 0};
        SceneDocument document = parse("<tt:Frame><tt:Extension><tt:MotionInCells Columns=\"8\" Rows=\"4\" Cells=\""
                + Base64.getEncoder().encodeToString(packed) + "\"/></tt:Extension></tt:Frame>");
        assertThat(document.moves()).contains(new Box(0.25, 0.25, 0.25, 0.5));
        byte[] repeated = {-1, 0, -1, (byte) 0x80};
        assertThat(MotionCells.enclosing(8, 4, Base64.getEncoder().encodeToString(repeated)))
                .contains(new Box(0, 0.5, 0.125, 0.5));
        assertThat(MotionCells.enclosing(8, 4, "")).as("nothing moves").isEmpty();
        assertThat(MotionCells.enclosing(8, 4, "=!=")).isEmpty();
        assertThat(MotionCells.enclosing(1 << 20, 1 << 20, "AA==")).isEmpty();
    }

    @Test
    void whatIsTooMuchOrNoneSaysNothing() {
        assertThat(parse("<tt:Frame>".repeat(40) + "</tt:Frame>".repeat(40))).isEqualTo(SceneDocument.NOTHING);
        assertThat(parse("<tt:Frame>" + "<tt:Object/>".repeat(6_000) + "</tt:Frame>"))
                .isEqualTo(SceneDocument.NOTHING);
        assertThat(parse("<tt:Frame>" + "<tt:Object/>".repeat(200) + "</tt:Frame>")
                        .objects())
                .hasSize(100);
        String entity = "<!DOCTYPE x [<!ENTITY e \"human\">]><x><Frame><Object><Class><Type>&e;</Type></Class></Object>"
                + "</Frame></x>";
        assertThat(SceneDocument.parse(entity.getBytes(StandardCharsets.UTF_8)).objects())
                .as("a document has no entities of its own")
                .doesNotContain(new Seen("human", Optional.empty()));
        assertThat(SceneDocument.parse(new byte[] {1, 2, 3})).isEqualTo(SceneDocument.NOTHING);
        SceneDocument odd =
                parse("<tt:Frame><tt:Object><tt:BoundingBox left=\"NaN\" top=\"1e999\" right=\"\"/></tt:Object>"
                        + "</tt:Frame>");
        assertThat(odd.objects()).containsExactly(new Seen("", Optional.empty()));
    }
}
