using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Portal.Host.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class MerchantDoor : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Language",
                table: "admin_merchant",
                type: "character varying(20)",
                maxLength: 20,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "LastSignInAt",
                table: "admin_merchant",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "PublicId",
                table: "admin_merchant",
                type: "character varying(32)",
                maxLength: 32,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "SecondFactorDueAt",
                table: "admin_merchant",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: new DateTimeOffset(new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)));

            // Accounts from before had no name in URLs; any that is unique will do.
            migrationBuilder.Sql("""update admin_merchant set "PublicId" = 'mer_' || "Id" """);

            migrationBuilder.AlterColumn<string>(
                name: "PasswordHash",
                table: "admin_merchant",
                type: "character varying(500)",
                maxLength: 500,
                nullable: true,
                oldClrType: typeof(string),
                oldType: "character varying(500)",
                oldMaxLength: 500);

            migrationBuilder.CreateTable(
                name: "admin_authenticator",
                columns: table => new
                {
                    MerchantId = table.Column<long>(type: "bigint", nullable: false),
                    ProtectedKey = table.Column<byte[]>(type: "bytea", nullable: false),
                    LastStep = table.Column<long>(type: "bigint", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_admin_authenticator", x => x.MerchantId);
                    table.ForeignKey(
                        name: "FK_admin_authenticator_admin_merchant_MerchantId",
                        column: x => x.MerchantId,
                        principalTable: "admin_merchant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "admin_failed_tries",
                columns: table => new
                {
                    AddressHash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    Count = table.Column<int>(type: "integer", nullable: false),
                    LastAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    NextAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_admin_failed_tries", x => x.AddressHash);
                });

            migrationBuilder.CreateTable(
                name: "admin_link",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    MerchantId = table.Column<long>(type: "bigint", nullable: false),
                    Purpose = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    TokenHash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    SpentAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_admin_link", x => x.Id);
                    table.ForeignKey(
                        name: "FK_admin_link_admin_merchant_MerchantId",
                        column: x => x.MerchantId,
                        principalTable: "admin_merchant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "admin_password_request",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    Language = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    DueAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    LeaseHolder = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    LeaseUntil = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    EndedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_admin_password_request", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "admin_recovery_code",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    MerchantId = table.Column<long>(type: "bigint", nullable: false),
                    CodeHash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    UsedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_admin_recovery_code", x => x.Id);
                    table.ForeignKey(
                        name: "FK_admin_recovery_code_admin_merchant_MerchantId",
                        column: x => x.MerchantId,
                        principalTable: "admin_merchant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "admin_sign_in_step",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    MerchantId = table.Column<long>(type: "bigint", nullable: false),
                    TokenHash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    ReturnTo = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    Tries = table.Column<int>(type: "integer", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    SpentAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_admin_sign_in_step", x => x.Id);
                    table.ForeignKey(
                        name: "FK_admin_sign_in_step_admin_merchant_MerchantId",
                        column: x => x.MerchantId,
                        principalTable: "admin_merchant",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_admin_merchant_PublicId",
                table: "admin_merchant",
                column: "PublicId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_admin_link_MerchantId",
                table: "admin_link",
                column: "MerchantId");

            migrationBuilder.CreateIndex(
                name: "IX_admin_link_TokenHash",
                table: "admin_link",
                column: "TokenHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_admin_password_request_State_DueAt",
                table: "admin_password_request",
                columns: new[] { "State", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_admin_recovery_code_MerchantId_CodeHash",
                table: "admin_recovery_code",
                columns: new[] { "MerchantId", "CodeHash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_admin_sign_in_step_MerchantId",
                table: "admin_sign_in_step",
                column: "MerchantId");

            migrationBuilder.CreateIndex(
                name: "IX_admin_sign_in_step_TokenHash",
                table: "admin_sign_in_step",
                column: "TokenHash",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "admin_authenticator");

            migrationBuilder.DropTable(
                name: "admin_failed_tries");

            migrationBuilder.DropTable(
                name: "admin_link");

            migrationBuilder.DropTable(
                name: "admin_password_request");

            migrationBuilder.DropTable(
                name: "admin_recovery_code");

            migrationBuilder.DropTable(
                name: "admin_sign_in_step");

            migrationBuilder.DropIndex(
                name: "IX_admin_merchant_PublicId",
                table: "admin_merchant");

            migrationBuilder.DropColumn(
                name: "Language",
                table: "admin_merchant");

            migrationBuilder.DropColumn(
                name: "LastSignInAt",
                table: "admin_merchant");

            migrationBuilder.DropColumn(
                name: "PublicId",
                table: "admin_merchant");

            migrationBuilder.DropColumn(
                name: "SecondFactorDueAt",
                table: "admin_merchant");

            migrationBuilder.AlterColumn<string>(
                name: "PasswordHash",
                table: "admin_merchant",
                type: "character varying(500)",
                maxLength: 500,
                nullable: false,
                defaultValue: "",
                oldClrType: typeof(string),
                oldType: "character varying(500)",
                oldMaxLength: 500,
                oldNullable: true);
        }
    }
}
