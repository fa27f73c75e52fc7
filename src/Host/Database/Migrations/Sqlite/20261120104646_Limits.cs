using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Host.Database.Migrations.Sqlite
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
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Since = table.Column<long>(type: "INTEGER", nullable: true),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Count = table.Column<long>(type: "INTEGER", nullable: false),
                    Networks = table.Column<int>(type: "INTEGER", nullable: false),
                    MailedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_access_alert", x => x.Kind);
                });

            migrationBuilder.CreateTable(
                name: "access_kept_form",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Audience = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Subject = table.Column<long>(type: "INTEGER", nullable: false),
                    TokenHash = table.Column<byte[]>(type: "BLOB", maxLength: 32, nullable: false),
                    Path = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    ProtectedFields = table.Column<byte[]>(type: "BLOB", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false)
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
