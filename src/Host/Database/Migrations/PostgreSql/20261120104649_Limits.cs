using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Portal.Host.Database.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class Limits : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "access_alert",
                columns: table => new
                {
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    LastAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    Count = table.Column<long>(type: "bigint", nullable: false),
                    Networks = table.Column<int>(type: "integer", nullable: false),
                    MailedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_access_alert", x => x.Kind);
                });

            migrationBuilder.CreateTable(
                name: "access_kept_form",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Audience = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Subject = table.Column<long>(type: "bigint", nullable: false),
                    TokenHash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    Path = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    ProtectedFields = table.Column<byte[]>(type: "bytea", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_access_kept_form", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_customers_sign_in_link_CreatedAt",
                table: "customers_sign_in_link",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_access_kept_form_Audience_Subject",
                table: "access_kept_form",
                columns: new[] { "Audience", "Subject" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_access_kept_form_TokenHash",
                table: "access_kept_form",
                column: "TokenHash",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "access_alert");

            migrationBuilder.DropTable(
                name: "access_kept_form");

            migrationBuilder.DropIndex(
                name: "IX_customers_sign_in_link_CreatedAt",
                table: "customers_sign_in_link");
        }
    }
}
