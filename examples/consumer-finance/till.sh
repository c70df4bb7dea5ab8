#!/bin/sh
# Stands for the lender's own system: customers use the coupons whose codes they were sent.
# C02 draws 3000 CNY without interest for a week. C01 tries the code of C05, and C03 makes one up.
code() { sed -n 's/.*"member":"'"$1"'".*"coupons":\["\([^"]*\)".*/\1/p' outbox/*.ndjson; }
cat >> data/redemptions.csv <<ROWS
R1,C02,2026-04-05T11:00:00,$(code C02),3000.00
R2,C01,2026-04-05T12:00:00,$(code C05),1000.00
R3,C03,2026-04-05T13:00:00,MADEUP,1000.00
ROWS
