// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Instants with milliseconds, enums in lower case, optionals left out when empty. */
final class HouseModule extends SimpleModule {
    private static final long serialVersionUID = 1L;

    HouseModule() {
        super("nxvms");
        addSerializer(Instant.class, new InstantWriter());
        addDeserializer(Instant.class, new InstantReader());
        addSerializer(new EnumWriter());
        addKeySerializer(Enum.class, new EnumKeyWriter());
        setDeserializerModifier(new EnumReaders());
        addSerializer(new Optionals.Writer());
        addDeserializer(Optional.class, new Optionals.Reader());
        Optionals.addPrimitives(this);
    }

    static String lowerName(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static final class InstantWriter extends StdSerializer<Instant> {
        private static final long serialVersionUID = 1L;
        private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                        "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                .withZone(ZoneOffset.UTC);

        InstantWriter() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(FORMAT.format(value));
        }
    }

    private static final class InstantReader extends StdScalarDeserializer<Instant> {
        private static final long serialVersionUID = 1L;
        private static final String FORM = "give RFC 3339 such as 2026-11-22T14:03:05.120Z";

        InstantReader() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
            if (in.currentToken() != JsonToken.VALUE_STRING) {
                return (Instant) context.handleUnexpectedToken(Instant.class, in);
            }
            String text = in.getText();
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException e) {
                return (Instant) context.handleWeirdStringValue(Instant.class, text, FORM);
            }
        }
    }

    @SuppressWarnings("rawtypes")
    private static final class EnumWriter extends StdSerializer<Enum> {
        private static final long serialVersionUID = 1L;

        EnumWriter() {
            super(Enum.class);
        }

        @Override
        public void serialize(Enum value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(lowerName(value));
        }
    }

    @SuppressWarnings("rawtypes")
    private static final class EnumKeyWriter extends StdSerializer<Enum> {
        private static final long serialVersionUID = 1L;

        EnumKeyWriter() {
            super(Enum.class);
        }

        @Override
        public void serialize(Enum value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeFieldName(lowerName(value));
        }
    }

    private static final class EnumReaders extends BeanDeserializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public JsonDeserializer<?> modifyEnumDeserializer(
                DeserializationConfig config, JavaType type, BeanDescription bean, JsonDeserializer<?> standard) {
            return new EnumReader(type.getRawClass());
        }
    }

    private static final class EnumReader extends StdScalarDeserializer<Object> {
        private static final long serialVersionUID = 1L;

        EnumReader(Class<?> type) {
            super(type);
        }

        @Override
        public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
            if (in.currentToken() != JsonToken.VALUE_STRING) {
                return context.handleUnexpectedToken(handledType(), in);
            }
            String text = in.getText();
            for (Object constant : handledType().getEnumConstants()) {
                if (lowerName((Enum<?>) constant).equals(text)) {
                    return constant;
                }
            }
            return context.handleWeirdStringValue(handledType(), text, "give one of " + names());
        }

        private String names() {
            return Arrays.stream(handledType().getEnumConstants())
                    .map(constant -> lowerName((Enum<?>) constant))
                    .collect(Collectors.joining(", "));
        }
    }
}
