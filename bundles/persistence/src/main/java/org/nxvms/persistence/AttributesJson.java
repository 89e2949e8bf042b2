// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.nxvms.platform.api.event.EventAttributes;

/** Attributes of an event as one flat JSON object, so that people can read the column too. */
final class AttributesJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String NONE = "{}";

    private AttributesJson() {}

    static String write(EventAttributes attributes) {
        if (attributes.values().isEmpty()) {
            return NONE;
        }
        StringWriter text = new StringWriter(256);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            for (Map.Entry<String, Object> entry : attributes.values().entrySet()) {
                json.writeFieldName(entry.getKey());
                Object value = entry.getValue();
                if (value instanceof Long whole) {
                    json.writeNumber(whole);
                } else if (value instanceof Double number) {
                    json.writeNumber(number);
                } else if (value instanceof Boolean flag) {
                    json.writeBoolean(flag);
                } else {
                    json.writeString((String) value);
                }
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** What does not belong there (a hand in the database, a newer version) is left out instead of hiding the event. */
    static EventAttributes read(String text) {
        if (text.equals(NONE)) {
            return EventAttributes.NONE;
        }
        Map<String, Object> values = new TreeMap<>();
        try (JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return EventAttributes.NONE;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                switch (json.nextToken()) {
                    case VALUE_STRING -> values.put(name, json.getText());
                    case VALUE_NUMBER_INT -> values.put(name, json.getLongValue());
                    case VALUE_NUMBER_FLOAT -> values.put(name, json.getDoubleValue());
                    case VALUE_TRUE, VALUE_FALSE -> values.put(name, json.getBooleanValue());
                    default -> json.skipChildren();
                }
            }
            return EventAttributes.of(values);
        } catch (IOException | IllegalArgumentException e) {
            return EventAttributes.NONE;
        }
    }
}
