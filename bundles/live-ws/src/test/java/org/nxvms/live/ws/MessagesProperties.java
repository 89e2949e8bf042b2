// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.nxvms.media.StreamId;

/** What viewers may say. */
class MessagesProperties {
    private static Viewer viewer() {
        return new Viewer(
                StreamId.main(Stage.CAMERA), true, Services.USER.id(), Services.credentials(), new Stage.Socket());
    }

    @Property
    void anyTextIsUnderstoodOrRefusedPlainly(@ForAll @StringLength(max = 200) String text) {
        try {
            Messages.apply(Messages.read(text), viewer());
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @Example
    void refusalsSayWhatIsKnown() {
        assertThatThrownBy(() -> Messages.apply(Messages.read("{\"type\":\"stream\",\"stream\":\"left\"}"), viewer()))
                .hasMessageContaining("main~480p")
                .hasMessageContaining("sub");
        assertThatThrownBy(() -> Messages.apply(Messages.read("{\"type\":\"rewind\"}"), viewer()))
                .hasMessageContaining("resume");
        assertThatThrownBy(() -> Messages.apply(Messages.read("[]"), viewer())).hasMessageContaining("type");
        assertThatThrownBy(() -> Messages.apply(Messages.read(""), viewer())).hasMessageContaining("type");
    }

    @Property
    void aCloseReasonFitsIntoItsFrame(@ForAll @StringLength(max = 300) String reason) {
        String sent = SocketSender.shortened(reason);
        assertThat(sent.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(123);
        assertThat(reason)
                .startsWith(
                        sent.endsWith("\u2026") && !reason.startsWith(sent)
                                ? sent.substring(0, sent.length() - 1)
                                : sent);
    }

    @Example
    void aCloseReasonThatIsTooLongEndsBehindASentenceOrElseBehindAWord() {
        String first = "No more streams are encoded anew now: 2 may run, 4 wait.";
        String other = " Watch the camera's own stream, or try again.";
        assertThat(SocketSender.shortened(first + other + " Room comes when a view ends, and by encodingsMax."))
                .isEqualTo(first + other);
        assertThat(SocketSender.shortened("a form is good ".repeat(10)))
                .isEqualTo("a form is good ".repeat(8).strip() + "\u2026");
        assertThat(SocketSender.shortened("\u00e4".repeat(100))).isEqualTo("\u00e4".repeat(60) + "\u2026");
    }
}
