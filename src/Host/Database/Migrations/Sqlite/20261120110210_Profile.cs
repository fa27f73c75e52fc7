using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Host.Database.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Profile : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "BusinessName",
                table: "customers_customer",
                type: "TEXT",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "IsBusiness",
                table: "customers_customer",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "LanguageChosenAt",
                table: "customers_customer",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Own",
                table: "customers_customer",
                type: "INTEGER",
                maxLength: 40,
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Phone",
                table: "customers_customer",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "PhoneNumber",
                table: "customers_customer",
                type: "TEXT",
                maxLength: 20,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ShippingCity",
                table: "customers_customer",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ShippingCountry",
                table: "customers_customer",
                type: "TEXT",
                maxLength: 2,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ShippingLine1",
                table: "customers_customer",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ShippingLine2",
                table: "customers_customer",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ShippingPostalCode",
                table: "customers_customer",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ShippingRegion",
                table: "customers_customer",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "TaxId",
                table: "customers_customer",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "customers_consent",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    CustomerId = table.Column<long>(type: "INTEGER", nullable: true),
                    Given = table.Column<bool>(type: "INTEGER", nullable: false),
                    Source = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_consent", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_tax_id_inquiry",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    CustomerId = table.Column<long>(type: "INTEGER", nullable: true),
                    TaxId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Verdict = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    AnsweredAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Reference = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    LeaseHolder = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    LeaseUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_tax_id_inquiry", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "customers_update",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    ConnectionId = table.Column<long>(type: "INTEGER", nullable: false),
                    ProcessorId = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Key = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    LeaseHolder = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    LeaseUntil = table.Column<long>(type: "INTEGER", nullable: true),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers_update", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_customers_consent_CustomerId_At",
                table: "customers_consent",
                columns: new[] { "CustomerId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_tax_id_inquiry_CustomerId",
                table: "customers_tax_id_inquiry",
                column: "CustomerId");

            migrationBuilder.CreateIndex(
                name: "IX_customers_tax_id_inquiry_State_DueAt",
                table: "customers_tax_id_inquiry",
                columns: new[] { "State", "DueAt" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_update_ConnectionId_ProcessorId",
                table: "customers_update",
                columns: new[] { "ConnectionId", "ProcessorId" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_update_State_DueAt",
                table: "customers_update",
                columns: new[] { "State", "DueAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "customers_consent");

            migrationBuilder.DropTable(
                name: "customers_tax_id_inquiry");

            migrationBuilder.DropTable(
                name: "customers_update");

            migrationBuilder.DropColumn(
                name: "BusinessName",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "IsBusiness",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "LanguageChosenAt",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "Own",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "Phone",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "PhoneNumber",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "ShippingCity",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "ShippingCountry",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "ShippingLine1",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "ShippingLine2",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "ShippingPostalCode",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "ShippingRegion",
                table: "customers_customer");

            migrationBuilder.DropColumn(
                name: "TaxId",
                table: "customers_customer");
        }
    }
}
