// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.nxvms.simulator.fault.BadInputException;

/** A JSON object that someone wrote: every field is known, or it is refused by name. */
final class InputObject {
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()
            .reader()
            .with(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final JsonNode node;
    private final String example;

    private InputObject(JsonNode node, String example) {
        this.node = node;
        this.example = example;
    }

    /**
     * Reads a whole text.
     *
     * @param what the text's name in an error: {@code body}
     * @param example what it may look like
     */
    static InputObject parse(byte[] text, String what, String example) throws IOException {
        try {
            return of(JSON.readTree(text), what, example);
        } catch (JsonProcessingException notJson) {
            throw new BadInputException(
                    what,
                    "this is no JSON, at line " + notJson.getLocation().getLineNr() + " column "
                            + notJson.getLocation().getColumnNr() + ": " + notJson.getOriginalMessage(),
                    "give an object like " + example);
        }
    }

    private static InputObject of(JsonNode node, String what, String example) {
        if (!node.isObject()) {
            throw new BadInputException(what, "this is no JSON object", "give one like " + example);
        }
        return new InputObject(node, example);
    }

    /** Refuses every field but these. */
    InputObject allow(Set<String> names) {
        for (Iterator<String> given = node.fieldNames(); given.hasNext(); ) {
            String name = given.next();
            if (!names.contains(name)) {
                throw new BadInputException(name, "there is no such field", "give an object like " + example);
            }
        }
        return this;
    }

    boolean has(String name) {
        return node.has(name);
    }

    /** A text that must be there. */
    String text(String name) {
        JsonNode value = node.get(name);
        if (value == null || !value.isTextual()) {
            throw new BadInputException(
                    name, value == null ? "it is missing" : "it is no text", "give an object like " + example);
        }
        return value.textValue();
    }

    /** A whole number, or nothing. */
    OptionalLong number(String name) {
        JsonNode value = node.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new BadInputException(name, value + " is not a whole number", "give an object like " + example);
        }
        return OptionalLong.of(value.longValue());
    }

    /** {@code true} or {@code false}, which must be there. */
    boolean bool(String name) {
        JsonNode value = node.get(name);
        if (value == null || !value.isBoolean()) {
            throw new BadInputException(
                    name,
                    value == null ? "it is missing" : value + " is neither true nor false",
                    "give an object like " + example);
        }
        return value.booleanValue();
    }

    /** A list of objects, which must be there. */
    List<InputObject> objects(String name, int most, String elementExample) {
        JsonNode value = node.get(name);
        if (value == null || !value.isArray()) {
            throw new BadInputException(
                    name, value == null ? "it is missing" : "it is no list", "give an object like " + example);
        }
        if (value.size() > most) {
            throw new BadInputException(name, "it has " + value.size() + " elements", "give at most " + most);
        }
        List<InputObject> list = new ArrayList<>(value.size());
        for (int i = 0; i < value.size(); i++) {
            list.add(of(value.get(i), name + "[" + i + "]", elementExample));
        }
        return list;
    }
}
