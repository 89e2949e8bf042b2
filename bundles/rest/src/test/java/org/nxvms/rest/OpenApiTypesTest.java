// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The document says what travels, and bundles do not overwrite each other's types. */
class OpenApiTypesTest {
    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }

    @Test
    void enumsTravelInLowerCaseAndOptionalNumbersAsNumbers() throws Exception {
        JsonNode part = json("{'a':{'schema':{'type':'string','enum':['VIEW_LIVE','SUB']}},"
                + "'end':{'type':'object','properties':{'asLong':{'type':'integer','format':'int64'},"
                + "'empty':{'type':'boolean'},'present':{'type':'boolean'}}},"
                + "'list':{'type':'array','enum':['main'],'items':{'type':'string','enum':['MAIN','main']}},"
                + "'days':{'type':'array','enum':['mon'],'items':{'type':'string'}},"
                + "'other':{'type':'object','properties':{'empty':{'type':'boolean'}}}}");
        JsonNode untouched = part.get("other").deepCopy();

        OpenApiTypes.correct(part);

        assertThat(part.at("/a/schema/enum")).isEqualTo(json("['view_live','sub']"));
        assertThat(part.get("end")).isEqualTo(json("{'type':'integer','format':'int64'}"));
        assertThat(part.get("list")).isEqualTo(json("{'type':'array','items':{'type':'string','enum':['main']}}"));
        assertThat(part.get("days")).isEqualTo(json("{'type':'array','items':{'type':'string','enum':['mon']}}"));
        assertThat(part.get("other")).isEqualTo(untouched);
    }

    @Test
    void schemasOfOneNameButOtherShapeAreKeptApart() throws Exception {
        TreeMap<String, JsonNode> all = new TreeMap<>();
        String part = "{'paths':{'/':{'get':{'schema':{'$ref':'#/components/schemas/Page'}}}},"
                + "'components':{'schemas':{'Page':{'type':'object','properties':{'x':{'type':'%s'}}}}}}";
        List<JsonNode> parts = List.of(
                json(part.formatted("string")),
                json(part.formatted("string")),
                json(part.formatted("number")),
                json(part.formatted("boolean")));

        parts.forEach(each -> OpenApiTypes.mergeSchemas(each, all));

        assertThat(all.keySet()).containsExactly("Page", "Page2", "Page3");
        assertThat(parts)
                .extracting(each -> each.at("/paths/~1/get/schema/$ref").asText())
                .containsExactly(
                        "#/components/schemas/Page",
                        "#/components/schemas/Page",
                        "#/components/schemas/Page2",
                        "#/components/schemas/Page3");
    }
}
