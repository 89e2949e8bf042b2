// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.ws.rs.Consumes;
import org.junit.jupiter.api.Test;

/** What the document says of bodies is what is taken. */
class ExportBodiesTest {
    @Test
    void eachTypeThatIsTakenIsNamedAndNoOther() {
        List<String> looked = new ArrayList<>();
        for (Method method : ExportsResource.class.getMethods()) {
            RequestBody body = method.getAnnotation(RequestBody.class);
            if (body != null && Stream.of(body.content()).noneMatch(ExportBodiesTest::isOfTheOperation)) {
                looked.add(method.getName());
                assertThat(body.content())
                        .as(method.getName())
                        .extracting(Content::mediaType)
                        .containsExactlyInAnyOrder(
                                method.getAnnotation(Consumes.class).value());
            }
        }
        assertThat(looked).contains("verify");
    }

    /** Names none, and so has those that the operation takes. */
    private static boolean isOfTheOperation(Content content) {
        return content.mediaType().isEmpty();
    }
}
