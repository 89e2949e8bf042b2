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
        assertThat(reason).startsWith(sent);
    }
}
