package org.corestack.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.corestack.errors.CoreException;
import org.corestack.errors.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresUriTest {
    @Test
    void everyPartIsRead() {
        PostgresUri uri = PostgresUri.parse(
                "postgresql://sh%40p:p%2Fw%3Ad@Db1:6432,db2/my%20shop?pool=20&sslmode=require&application_name=a%26b");
        assertThat(uri.hosts()).containsExactly("db1:6432", "db2:5432");
        assertThat(uri.user()).isEqualTo("sh@p");
        assertThat(uri.password()).isEqualTo("p/w:d");
        assertThat(uri.database()).isEqualTo("my shop");
        assertThat(uri.pool()).isEqualTo(20);
        assertThat(uri.parameters()).containsEntry("sslmode", "require").containsEntry("ApplicationName", "a&b");
        assertThat(uri.jdbcUrl()).isEqualTo("jdbc:postgresql://db1:6432,db2:5432/my%20shop?targetServerType=primary");
        assertThat(uri.toString()).isEqualTo("db1:6432,db2:5432/my shop");
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        PostgresUri uri = PostgresUri.parse("POSTGRES://[::1]/d");
        assertThat(uri.hosts()).containsExactly("[::1]:5432");
        assertThat(uri.user()).isNull();
        assertThat(uri.password()).isNull();
        assertThat(uri.pool()).isEqualTo(10);
        assertThat(uri.jdbcUrl()).isEqualTo("jdbc:postgresql://[::1]:5432/d");
    }

    @Test
    void aPasswordMayHoldAnAtSign() {
        assertThat(PostgresUri.parse("postgresql://u:p@ss@host/d").password()).isEqualTo("p@ss");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql:",
                "postgresql://u:hunter2@host",
                "postgresql://u:hunter2@host/",
                "postgresql://u:hunter2@ho st/d",
                "postgresql://u:hunter2@host:0/d",
                "postgresql://u:hunter2@host:99999/d",
                "postgresql://u:hunter2@host/d?pool=0",
                "postgresql://u:hunter2@host/d?pool=x",
                "postgresql://u:hunter2@host/d?socketFactory=evil",
                "postgresql://u:hunter2@host/d?user=x",
                "postgresql://u:hunter2%@host/d",
                "postgresql://u:hunter2%ff@host/d",
                "postgresql://u:hunter2@host/d/e"
            })
    void whatIsWrongIsRefusedWithoutThePassword(String uri) {
        assertThatThrownBy(() -> PostgresUri.parse(uri)).isInstanceOfSatisfying(CoreException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(error.toString()).doesNotContain("hunter2");
        });
    }
}
